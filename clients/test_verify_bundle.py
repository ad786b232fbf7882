"""Two verifiers of bundles that share no code, the program and verify_bundle.py, agree on honest and tampered bundles."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from countersign import TIMEOUT_SECONDS

VERIFIER = Path(__file__).with_name("verify_bundle.py")


def has_events(server, count):
    """Whether the newest checkpoint has this many leaves."""
    note = requests.get(f"{server.address}/audit/checkpoint", timeout=TIMEOUT_SECONDS)
    return note.status_code == 200 and int(note.text.splitlines()[1]) > count


@pytest.fixture(scope="module")
def key(server):
    """The public key of the log."""
    response = requests.get(f"{server.address}/audit/key", timeout=TIMEOUT_SECONDS)
    assert response.status_code == 200
    return response.text.strip()


@pytest.fixture(scope="module")
def lines(server, tmp_path_factory):
    """The lines of a bundle."""
    for number in range(12):
        server.person(f"Person {number}", "read_only")
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not has_events(server, 12):
        assert time.monotonic() < deadline, "no checkpoint was made"
        time.sleep(0.2)
    file = tmp_path_factory.mktemp("bundle") / "bundle.ndjson"
    server.run("audit", "export", "--bundle", str(file), "--first-event", "3", "--last-event", "10")
    return file.read_text().splitlines()


def verdicts(server, folder, text, key):
    """What both programs print, with their exit statuses."""
    file = folder / "bundle.ndjson"
    file.write_text(text)
    program = server.run("audit", "verify", "--bundle", str(file), "--public-key", key, check=False)
    command = [sys.executable, str(VERIFIER), "--public-key", key, str(file)]
    other = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS)
    assert not other.stderr, other.stderr
    return program, other


def passes(server, folder, lines, key):
    """Asserts that both pass a bundle."""
    for verdict in verdicts(server, folder, text_of(lines), key):
        assert verdict.returncode == 0, verdict
        assert "The events are in the log that the key signed" in verdict.stdout


def fails(server, folder, text, key, *faults):
    """Asserts that both find exactly this."""
    program, other = verdicts(server, folder, text, key)
    assert (program.returncode, other.returncode) == (1, 1), (program, other)
    for fault in faults:
        assert fault in program.stdout + program.stderr, program
        assert fault in other.stdout, other


def text_of(lines):
    """The lines as a file."""
    return "".join(f"{line}\n" for line in lines)


def changed(lines, at, change):
    """The lines with one changed, as an object."""
    document = json.loads(lines[at])
    change(document)
    assert document != json.loads(lines[at]), "the test changes the line"
    return [*lines[:at], json.dumps(document), *lines[at + 1 :]]


def test_an_honest_bundle_passes(server, tmp_path, lines, key):
    passes(server, tmp_path, lines, key)


def test_a_changed_event_is_named(server, tmp_path, lines, key):
    edited = changed(lines, 1, lambda leaf: leaf.update(text=leaf["text"].replace("SYSTEM", "USER")))
    fails(server, tmp_path, text_of(edited), key, "Event 3 was changed: its text does not have the hash of its leaf.")


def test_removed_inserted_and_swapped_events_are_found(server, tmp_path, lines, key):
    leaf = json.loads(lines[2])["leaf"]
    removed = [*lines[:2], *lines[3:]]
    fails(server, tmp_path, text_of(removed), key, f"Line 3 of the bundle has leaf {leaf + 1} instead of leaf {leaf}.")
    inserted = [*lines[:3], lines[2], *lines[3:]]
    fails(server, tmp_path, text_of(inserted), key, f"Line 4 of the bundle has leaf {leaf} instead of leaf {leaf + 1}.")
    swapped = [*lines[:2], lines[3], lines[2], *lines[4:]]
    fails(server, tmp_path, text_of(swapped), key, f"Line 3 of the bundle has leaf {leaf + 1} instead of leaf {leaf}.")


def test_an_event_with_the_text_and_hash_of_another_is_found(server, tmp_path, lines, key):
    other = json.loads(lines[2])
    moved = changed(lines, 1, lambda leaf: leaf.update(hash=other["hash"], text=other["text"]))
    root = "The leaves of the bundle do not lead to the root hash of its checkpoint."
    fails(server, tmp_path, text_of(moved), key, "Event 3 has the text of another row.", root)


def test_a_truncated_bundle_is_found(server, tmp_path, lines, key):
    count = len(lines) - 1
    fails(server, tmp_path, text_of(lines[:-1]), key, f"The bundle ends after {count - 1} of {count} leaves.")
    fails(server, tmp_path, text_of(lines)[:-2], key, "The bundle cannot be read: its last line is cut off.")
    fails(server, tmp_path, text_of([*lines, lines[1]]), key, "The bundle has lines after its last leaf.")
    fails(server, tmp_path, "", key, "The bundle does not begin with a header of the format countersign-bundle-v1.")


def test_flipped_hashes_lead_to_another_root(server, tmp_path, lines, key):
    def flip(header):
        side = header["left"] or header["right"]
        side[0] = ("B" if side[0][0] == "A" else "A") + side[0][1:]

    root = "The leaves of the bundle do not lead to the root hash of its checkpoint."
    fails(server, tmp_path, text_of(changed(lines, 0, flip)), key, root)


def test_another_checkpoint_and_another_key_are_rejected(server, tmp_path, lines, key):
    def grow(header):
        origin, size, rest = header["checkpoint"].split("\n", 2)
        header["checkpoint"] = f"{origin}\n{int(size) + 1}\n{rest}"

    def rename(header):
        header["checkpoint"] = header["checkpoint"].replace(header["origin"], "example.com/other")

    unsigned = "The checkpoint has no valid signature of the given public key."
    fails(server, tmp_path, text_of(changed(lines, 0, grow)), key, unsigned)
    other = "The checkpoint is of another log than the given public key."
    fails(server, tmp_path, text_of(changed(lines, 0, rename)), key, other)
    stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    fails(server, tmp_path, text_of(lines), stranger, other)
    no_key = "The public key is not of the form name+hash+key with an Ed25519 key."
    fails(server, tmp_path, text_of(lines), "nothing", no_key)


def test_a_bundle_passes_with_the_key_before_a_hand_over(server, tmp_path, lines, key):
    server.run("audit", "key", "rotate")
    newer = server.run("audit", "key").stdout.strip()
    assert newer != key
    # Rotating is an event; the bundle after its checkpoint is signed with the new key.
    file = tmp_path / "newer.ndjson"
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        file.unlink(missing_ok=True)
        server.run("audit", "export", "--bundle", str(file), "--first-event", "3")
        if "publicKey" in file.read_text():
            break
        assert time.monotonic() < deadline, "no checkpoint was made"
        time.sleep(0.2)
    newer_lines = file.read_text().splitlines()
    passes(server, tmp_path, newer_lines, key)
    passes(server, tmp_path, newer_lines, newer)
    without = changed(newer_lines, 0, lambda header: header.update(handovers=[]))
    unsigned = "The checkpoint has no valid signature of the given public key."
    fails(server, tmp_path, text_of(without), key, unsigned)
