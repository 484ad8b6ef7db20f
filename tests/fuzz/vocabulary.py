"""What people, and machines, write where something else belongs."""

#: What people, and machines, write where a value belongs.
ODD = (
    "", "~", "null", "yes", "no", "True", "-3", "+2", "0", "-0", "007", "0x1F", "0b1", "1_000", "1e400", "-1e308",
    "1e-320", "5.0", "5.5", ".5", "5.", ".nan", ".inf", "-.inf", "nan", "99999999999999999999999999999999999999",
    "9" * 400, "1,5", "12%", "£3", "'5'", '"5"', "2010-04-01", "2010-02-30", "0000-00-00", "9999-12-31", "0001-01-01",
    "2010-4-1", "2010-04-01T00:00:00Z", "2010-04-01 12:00", "01/04/2010", "2010", "[]", "{}", "[[]]", "[~]", "{a: }",
    "[1, 1]", "{value: 3}", "{add: 1}", "{scale: .inf}", "{scale: -1e300}", "{add: 1e308}", "{low: 1, high: 0}",
    "{low: 0, high: 1e308}", "[{from: 2010-04-01, value: 3}]", "[{from: 2010-04-01}]", "{from: 2010-04-01}", "- 3",
    "*a", "&a 5", "!!int 3", "!!python/object:os.system x", "!", "|", ">-", "? x", ": x", "# x", "@x", "`x`", "%x",
    "'", '"', "[", "{", "]", "}", '"\\ud800"', '"\\x00"', '"\\U0001F4A9"', "\x1b[2J", "\u202e", "\ufeff", "\u2028",
    "\x85", "é", "💥", "ｈｕｂ", "x" * 3000, "a.b.c", "../../etc/passwd", "/etc/passwd", "nottingham.yaml", "C:\\x.yaml",
    "hub", "hub+hub", "none", "no-effect", "nottingham", "+", "++", "file.yaml", "hub+", " ", "\\", "\t",
    "iom_start", "start", "threat", "resources", "grid", "sobol", "posterior", "before_and_after",
)  # fmt: skip
KEYS = (
    "", "kind", "name", "why", "about", "note", "extends", "parameters", "changes", "from", "site", "options",
    "factors", "design", "points", "replications", "years", "draw", "value", "source", "confidence", "add", "scale",
    "low", "high", "cohort", "cohort.ceiling", "cohort.ceiling.x", "teams", "teams.city", "teams.nobody.share",
    "teams.city.share", "co_location.form", "form", "agencies.police.officers", "iom_start", "start", "census_date",
    "meetings", "meetings.other.purposes", "mandatory", "own_caseload", "people", "counted", "suppress_below", "0",
    "1", "~", "null", "true", "2010-04-01", "1.5", ".", "..", ".cohort", "cohort.", "a b", "'", "é", "__class__",
    "model_fields", "effects", "designs", "worlds", "places", "follow_up_months", "setting", "plan", "evidence",
    "number", "question", "<<", "x" * 300, "*", "?", "cohort.*",
)  # fmt: skip
TOKENS = (
    ": ", ":", "- ", "-", "{", "}", "[", "]", ", ", ",", "#", "&a ", "*a", "!", "|", ">", "'", '"', "%", "@", "`",
    "\\", " ", "    ", "\n", "\n\n", "\r\n", "\r", "\n  ", "\t", "---\n", "...\n", "? ", "~", "0", "é", "\x1b", "\x00",
    "\x07", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0010ffff", "💥", ";", "=1+1", "+44", '""', "\u0661", "\xa0",
)  # fmt: skip
ENCODINGS = ("utf-8",) * 12 + (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "cp1252",
    "latin-1",
    "utf-7",
    "cp037",
)
#: What stands in the cells of exports.
CELLS = (
    *ODD, "31/12/1979", "12/31/1979", "1979-12-31", "31-Dec-79", "1 January 1980", "29204", "31/12/1979 00:00", "00/00/0000",
    "31/12/99999", "yes", "Y", "statutory", "Licence", "n/k", "-", "PPO", "gold", "f", "٣", "1e3", "501", "=cmd|' /C calc'!A0",
    "a,b", 'a"b', "a\nb", "x" * 501, "SYNTHETIC-0001", "синтез", "\xa0", "0", "99999999", "30/09/2026", "01/10/2026",
)  # fmt: skip
HEADERS = (
    "",
    "reference",
    "dob",
    "age",
    "Statutory?",
    "id",
    "need_drugs",
    "lead agency",
    "x",
    "reference ",
    "DATE_OF_BIRTH",
)
