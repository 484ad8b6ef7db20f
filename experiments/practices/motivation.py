"""Motivation: what people have to go through moves whether they are there."""

from experiments.practices.practice import Practice

ROWS: tuple[Practice, ...] = (
    Practice(
        "A story told once", "motivation", ("motivation.story_kept", "motivation.lowered_by_retelling"),
        "story-told-once", "test_whoever_has_been_read_about_need_not_tell_their_story_again",
        "motivation_mean", 0.0041,
    ),
)  # fmt: skip
