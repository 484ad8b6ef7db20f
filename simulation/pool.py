"""Pool: what is said of a locality's prolific offenders as a whole; their careers grow out of it."""

from simulation.declare import Group, uncertainty


class Pool(Group):
    """The locality's prolific offenders, whether or not anybody manages them."""

    first_sanctions_per_year: float = uncertainty(
        3500.0, unit="per year", low=1, high=1_000_000,
        label="People first sanctioned a year who may turn prolific", likely=(1000, 12_000),
        because="unpublished, and fitted to each site's caseload with those below",
    )  # fmt: skip
    history_years: float = uncertainty(
        24.0, unit="years", low=5, high=50,
        label="Years back over which careers began, and the most that one lasts",
        likely=(15, 35), because="fitted to Table 3.3 site by site",
    )  # fmt: skip
    entry_sanctions: int = uncertainty(
        13, unit="sanctions", low=2, high=50, label="Sanctions at which a person counts as prolific",
        source="EX222: sixteen or more previous convictions or cautions, eight of them at 21 or over",
        confidence="expert", likely=(8, 16),
        because="sixteen, eight of them at 21 or over, in the definition of 2019 (EX222)",
    )  # fmt: skip
    leaving_per_year: float = uncertainty(
        0.08, unit="share", low=0, high=0.99, label="Share who leave the area for good, or die, a year",
        likely=(0.02, 0.2), because="deaths, moves and giving up; fitted to Table 3.3",
    )  # fmt: skip
    active_years: float = uncertainty(
        4.0, unit="years", low=0.5, high=20,
        label="Years since release or sanction after which people have left, at the start", likely=(3, 6),
        because="with two, those left out at the start gather again and offences rise for years",
    )  # fmt: skip
    women_share: float = uncertainty(
        0.08, unit="share", low=0, high=1, label="Women", likely=(0.03, 0.15),
        because="a judgement; not published for these sites",
    )  # fmt: skip
    first_sanction_age_years: float = uncertainty(
        14.6, unit="years", low=11, high=30, label="Mean age at first sanction",
        source="one to two years before first conviction at 16.70 (PE073, Table 3.3, Nottingham)",
        confidence="expert", likely=(13.5, 16.5),
        because="one to two years before first conviction, which is at 15.5 to 18.0 by site (Table 3.3)",
    )  # fmt: skip
    first_sanction_age_spread_years: float = uncertainty(
        1.4, unit="years", low=0.1, high=10, label="Spread (standard deviation) of age at first sanction",
        likely=(0.8, 2.5), because="the spread of Table 3.3 is not published",
    )  # fmt: skip
    reprimands: int = uncertainty(
        2, unit="sanctions", low=0, high=5, label="Sanctions before a first conviction, as a rule",
        source="reprimand and final warning of the youth scheme of the 2000s", likely=(1, 3),
        because="a reprimand and a final warning, as a rule",
    )  # fmt: skip
    offences_per_occasion: float = uncertainty(
        2.43, unit="ratio", low=1, high=10, label="Proven offences dealt with at one sanction",
        source="PE070 over PE071, Table 3.3, Nottingham: 52.8 offences, 21.7 occasions", confidence="seed",
        likely=(2.2, 3.3), because="2.3 to 3.1 by site (Table 3.3)",
    )  # fmt: skip
