"""Replays HTTP calls of the Terraform provider from tables, to test without a provider what it depends on.

`terraform_calls/*.json` have the calls for each object in phases: `create`, `refresh` (a plan or an import), `change`,
`refresh again`, `remove`. A step has:

- `call`: method, path and query.
- `body`; or `with` and `without`, the changes to the last body of this object. Validations have a body of their own.
- `status`: the only one that the provider accepts.
- `echoes`: the members of the response that equal those of the last body; `answer`: members with other values, by name
  or path (`results.0.id`). A step without both has those of the step before it, if its response has a body.

`{…}` is a value that a response gave: the id of the object with this name, or what first was at this place.
"""

import json
import re
from pathlib import Path

import requests

from countersign import TIMEOUT_SECONDS

TABLES = Path(__file__).parent / "terraform_calls"

PHASES = ["create", "refresh", "change", "refresh again", "remove"]

PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.\w+)*)\}")

NEWER_HALF = {"alert_muting_rule", "big_panda_integration"}
"""Kinds in the newer half of the provider, which has a user agent of its own."""


def load() -> dict[str, dict[str, list[dict]]]:
    """The objects of all tables with their steps by phase."""
    return {name: steps for file in sorted(TABLES.iterdir()) for name, steps in json.loads(file.read_text()).items()}


def references(value) -> set[str]:
    """The placeholders in a step."""
    return set(PLACEHOLDER.findall(json.dumps(value)))


def in_order(objects: dict[str, dict]) -> list[str]:
    """The objects, each after those that its creation refers to."""
    ordered: list[str] = []
    while len(ordered) < len(objects):
        missing = set(objects) - set(ordered)
        ready = [name for name in missing if not needed(objects[name]["create"], name) & missing]
        assert ready, f"these refer to each other: {missing}"
        ordered += [name for name in objects if name in ready]
    return ordered


def needed(steps: list[dict], name: str) -> set[str]:
    """The objects that these steps refer to, except their own."""
    return {".".join(one.split(".")[:2]) for one in references(steps)} - {name}


class Replay:
    """The calls of one run, with the values that responses gave."""

    def __init__(self, address: str, token: str, member_email: str):
        self._address = address
        self._session = requests.Session()
        headers = {"X-SF-TOKEN": token, "Content-Type": "application/json", "Accept-Encoding": "gzip"}
        self._session.headers.update(headers)
        self._known = {"member_email": member_email}
        self._bodies: dict[tuple[str, bool], dict] = {}
        self._expected: dict[str, dict] = {}

    def send(self, name: str, step: dict) -> requests.Response:
        """Makes the call of a step."""
        method, path = self._filled(step["call"]).split(" ", 1)
        separator = " " if name.split(".")[0] in NEWER_HALF else "/"
        return self._session.request(
            method,
            self._address + path,
            data=self._body(name, step),
            headers={"User-Agent": f"Terraform{separator}1.11.4 terraform-provider-signalfx/dev"},
            timeout=TIMEOUT_SECONDS,
        )

    def expect(self, name: str, step: dict) -> None:
        """Makes the call of a step and compares the response."""
        response = self.send(name, step)
        what = f"{name}: {step['call']}"
        assert response.status_code == step["status"], f"{what}: {response.status_code} {response.text}"
        if "echoes" in step or "answer" in step:
            self._expected[name] = step
        if not response.content:
            return
        expected, answer = self._expected.get(name, {}), response.json()
        sent = self._bodies.get((name, False), {})
        for member in expected.get("echoes", []):
            assert answer[member] == sent[member], f"{what}: {member} is {answer[member]}, not {sent[member]}"
        for path, value in expected.get("answer", {}).items():
            self._compare(f"{what}: {path}", value, at(answer, path))

    def _body(self, name: str, step: dict) -> str | None:
        """The body of a step, which later steps refer to."""
        key = (name, "/validate" in step["call"])
        if "body" in step:
            body = step["body"]
        elif "with" in step:
            body = self._bodies[key] | step["with"]
            for member in step.get("without", []):
                del body[member]
        else:
            return None
        self._bodies[key] = json.loads(self._filled(json.dumps(body)))
        return json.dumps(self._bodies[key])

    def _compare(self, what: str, expected, actual) -> None:
        """Compares a value. A placeholder that is not known yet gets the value."""
        if isinstance(expected, dict) and isinstance(actual, dict):
            assert set(expected) == set(actual), f"{what} has the members {set(actual)}, not {set(expected)}"
            for member in expected:
                self._compare(f"{what}.{member}", expected[member], actual[member])
        elif isinstance(expected, list) and isinstance(actual, list):
            assert len(expected) == len(actual), f"{what} has {len(actual)} items, not {len(expected)}"
            for index, value in enumerate(expected):
                self._compare(f"{what}.{index}", value, actual[index])
        elif isinstance(expected, str) and (placeholder := PLACEHOLDER.fullmatch(expected)):
            known = self._known.setdefault(placeholder[1], actual)
            assert actual == known and actual, f"{what} is {actual}, not {known}"
        else:
            assert expected == actual, f"{what} is {actual}, not {expected}"

    def _filled(self, text: str) -> str:
        """The text with the values of all placeholders that are known."""
        return PLACEHOLDER.sub(lambda match: self._known.get(match[1], match[0]), text)


def at(answer: dict, path: str):
    """The value at this path of a response."""
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer
