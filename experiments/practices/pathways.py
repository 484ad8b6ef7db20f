"""The practices of pathways."""

from experiments.practices.practice import Practice

ROWS = (
    Practice(
        "Housing places", "pathways", ("pathways.programmes.accommodation.places",), "more-housing",
        "test_more_places_mean_a_shorter_wait", "programmes_completed", 38,
    ),
    Practice(
        "Sequencing", "pathways", ("pathways.at_once",), "needs-in-parallel",
        "test_a_pathway_waits_for_those_it_requires", "referrals", 1470,
    ),
    Practice(
        "What comes first", "pathways", ("pathways.order", "pathways.stabilise_first"),
        "weightiest-need-first", "test_what_stabilises_a_life_comes_first_or_what_weighs_most",
        "referrals", 286,
    ),
)  # fmt: skip
