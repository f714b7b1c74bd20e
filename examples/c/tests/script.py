"""Through ctypes: a catalog, an organization, who may do what and why, and what it costs. `script.py LIBRARY`."""

import ctypes as c
import json
import sys

lib = c.CDLL(sys.argv[1])


class Id(c.Structure):
    _fields_ = [("bytes", c.c_uint8 * 16)]

    @classmethod
    def of(cls, number):
        return cls((c.c_uint8 * 16)(*number.to_bytes(16, "big")))


class Str(c.Structure):
    _fields_ = [("data", c.c_char_p), ("length", c.c_size_t)]

    @classmethod
    def of(cls, text):
        data = text.encode()
        return cls(data, len(data))


class Set(c.Structure):
    _fields_ = [("words", c.c_uint64 * 4)]


class Actor(c.Structure):
    _fields_ = [("kind", c.c_uint32), ("id", Id), ("on_behalf_of", Id)]


class Facts(c.Structure):
    _fields_ = [
        ("now", c.c_uint64),
        ("authenticated_at", c.c_uint64),
        ("second_factor", c.c_uint8),
        ("provider", c.c_uint16),
        ("features", Set),
        ("organizations", c.c_void_p),
        ("organization_count", c.c_size_t),
    ]


class Context(c.Structure):
    _fields_ = [("actor", Actor), ("facts", Facts), ("command", Id)]


class Target(c.Structure):
    _fields_ = [("kind", c.c_uint32), ("workspace", Id), ("resource", c.c_void_p)]


class Issue(c.Structure):
    _fields_ = [("key", Id), ("at", c.c_uint64)]


class Work(c.Structure):
    _fields_ = [("workspace", Id), ("project", Id), ("class_", Str)]


class Receipt(c.Structure):
    _fields_ = [(name, c.c_uint64) for name in ("drawn", "returned", "lost", "beyond", "owed")]


class Balance(c.Structure):
    names = ("spendable", "pending", "granted", "available", "held", "spent", "expired", "voided", "owed")
    _fields_ = [(name, c.c_uint64) for name in names]


lib.bw_code_name.restype = lib.bw_message.restype = c.c_char_p
lib.bw_text_data.restype = c.c_char_p
lib.bw_text_data.argtypes = lib.bw_free.argtypes = [c.c_uint64]
lib.bw_allows.restype = c.c_bool
lib.bw_allows.argtypes = [c.c_uint64, c.c_uint16]


class No(Exception):
    """Anything but a plain yes; its name is that of the code."""


def call(name, *arguments):
    """Calls a function whose last argument is handed out, and says what that was."""
    code = getattr(lib, name)(*arguments)
    if code != 0:
        raise No(lib.bw_code_name(code).decode(), lib.bw_message().decode())


def made(name, *arguments, kind=c.c_uint64):
    out = kind()
    call(name, *arguments, c.byref(out))
    return out if issubclass(kind, c.Structure) else kind(out.value)


def text(handle):
    told = lib.bw_text_data(handle).decode()
    assert lib.bw_free(handle) == 0
    return told


def uuid(number):
    return f"00000000-0000-0000-0000-{number:012x}"


NOW = 1_795_000_000_000
ada, bob = (Actor(1, Id.of(number), Id()) for number in (2, 3))
platform = Actor(6, Id(), Id())
acme, production = Id.of(1), Id.of(8)
in_production = Target(1, production, None)
facts = Facts(NOW)


def command(actor, **named):
    outcome = made("bw_command", tenants, c.byref(acme), c.byref(Context(actor, facts, Id())), Str.of(json.dumps(named)), None, None)
    return json.loads(text(outcome))


def check(actor, permission):
    code = lib.bw_check(tenants, c.byref(acme), c.byref(actor), permission, c.byref(in_production), c.byref(facts))
    return lib.bw_code_name(code).decode()


# A catalog: a preset, changed as data and read again; a mistake in it is told with its place.
preset = made("bw_catalog_preset", Str.of("cloud"))
form = json.loads(text(made("bw_catalog_json", preset)))
form["policy"]["overrides"] = "replace"
catalog = made("bw_catalog_from_json", Str.of(json.dumps(form)))
form["roles"][0]["colour"] = "red"
try:
    made("bw_catalog_from_json", Str.of(json.dumps(form)))
    raise AssertionError("a mistake was read")
except No as no:
    assert no.args == ("bad_catalog", "roles[0].colour: unknown key `colour`"), no.args
run, edit = (made("bw_permission_of", catalog, Str.of(key), kind=c.c_uint16) for key in ("operation.run", "workspace.edit"))

# An organization, somebody in it, and who may do what.
tenants = made("bw_tenants_in_memory", catalog, None)
command(ada, create_organization={"name": "Acme", "plan": "team", "seats": 3, "owned": 0, "workspace": uuid(7)})
command(ada, create_workspace={"workspace": uuid(8), "name": "Production"})
outcome = command(platform, add_member={"user": uuid(3), "roles": ["developer"], "access": [[uuid(8), {}]]})
assert outcome["version"] == len(outcome["records"]) + outcome["records"][0]["version"] - 1
assert (check(ada, run), check(bob, run), check(bob, edit)) == ("ok", "ok", "not_granted")
access = made("bw_access", tenants, c.byref(acme), c.byref(bob), c.byref(in_production), c.byref(facts))
assert lib.bw_allows(access, run) and not lib.bw_allows(access, edit)

# Why, before and after somebody changes it.
command(ada, give_access={"user": uuid(3), "workspace": uuid(8), "changes": {"removed": ["operation.run"]}})
assert check(bob, run) == "removed_by_override"
assert lib.bw_allows(access, run), "an access speaks of its instant"
why = json.loads(text(made("bw_explain", tenants, c.byref(acme), c.byref(bob), run, c.byref(in_production), c.byref(facts), 1)))
assert why["decision"]["code"] == "removed_by_override" and why["layers"][-1]["origin"]["by"] == {"user": uuid(2)}
assert why["turn"]["steps"], "somebody could turn it"
try:
    command(bob, suspend={"user": uuid(2)})
    raise AssertionError("a developer suspended the owner")
except No as no:
    assert no.args[0] == "denied", no.args
assert json.loads(text(made("bw_failure")))["facts"]["reason"] == "not_granted"

# What it costs: charged once under its key, however often it is sent.
command(ada, give_access={"user": uuid(3), "workspace": uuid(8), "changes": {}})
before = made("bw_balance", tenants, c.byref(acme), c.c_uint64(NOW), kind=Balance)
assert before.spendable > 100
issue, work, hold = Issue(Id.of(1), NOW), Work(production, Id(), Str.of("llm")), Id.of(1)
for _ in range(2):
    receipt = made("bw_charge", tenants, c.byref(acme), c.byref(issue), c.byref(work), c.byref(bob), c.byref(facts), c.byref(hold), c.c_uint64(30), kind=Receipt)
    assert receipt.drawn == 30
after = made("bw_balance", tenants, c.byref(acme), c.c_uint64(NOW), kind=Balance)
assert (after.spent, after.spendable) == (30, before.spendable - 30)
assert after.granted == after.available + after.held + after.spent + after.expired + after.voided

for handle in (access, tenants, catalog, preset):
    assert lib.bw_free(handle) == 0
assert lib.bw_free(tenants) != 0
print("the script: catalog, organization, check, explain, charge: as expected")
