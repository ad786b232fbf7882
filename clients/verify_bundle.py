"""Verifies a bundle of the audit log with the public key of the log (docs/bundles.md). Needs Python and `cryptography`.

    python3 verify_bundle.py --public-key KEY FILE

It shares no code with the server. It prints what it verified, what it could not check and what is wrong, and exits with 1
when anything is.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "countersign-bundle-v1"
HANDOVER = "countersign audit key hand-over"
ED25519 = 1
LINE_BYTES = 64 * 1024 * 1024

NO_KEY = "The public key is not of the form name+hash+key with an Ed25519 key."
NO_NOTE = "The checkpoint is not a signed note."
NO_CHECKPOINT = "The note is not a checkpoint: it has no origin, tree size and root hash."
NO_SIGNATURE = "The checkpoint has no valid signature of the given public key."
OTHER_LOG = "The checkpoint is of another log than the given public key."
NO_HEADER = f"The bundle does not begin with a header of the format {FORMAT}."
NO_ROOT = "The leaves of the bundle do not lead to the root hash of its checkpoint."


class Fault(Exception):
    """Why a bundle does not pass."""


def decoded(text):
    """The bytes of a text in base64."""
    return base64.b64decode(text, validate=True)


class Key:
    """A public key as C2SP signed-note writes it: name+hash+key."""

    def __init__(self, text):
        try:
            self.text = text.strip()
            self.name, digest, key = self.text.split("+", 2)
            key = decoded(key)
            self.hash = hashlib.sha256(self.name.encode() + b"\n" + key).digest()[:4]
            well_formed = len(key) == 33 and key[0] == ED25519 and digest == self.hash.hex()
            if not well_formed or not self.name or any(letter.isspace() for letter in self.name):
                raise Fault(NO_KEY)
            self.key = Ed25519PublicKey.from_public_bytes(key[1:])
        except (ValueError, binascii.Error):
            raise Fault(NO_KEY) from None

    def has_signed(self, note):
        """Whether one of the signatures of a note is by this key."""
        for name, signature in note.signatures:
            if name == self.name and signature[:4] == self.hash:
                try:
                    self.key.verify(signature[4:], note.text.encode())
                    return True
                except InvalidSignature:
                    pass
        return False


class Note:
    """A signed note."""

    def __init__(self, text):
        body, separator, signatures = text.rpartition("\n\n")
        if not separator or not signatures.endswith("\n"):
            raise Fault(NO_NOTE)
        self.text = body + "\n"
        self.signatures = []
        for line in signatures[:-1].split("\n"):
            try:
                dash, name, signature = line.split(" ")
                self.signatures.append((name, decoded(signature)))
            except (ValueError, binascii.Error):
                raise Fault(NO_NOTE) from None
            if dash != "—":
                raise Fault(NO_NOTE)


def followed(key, handovers):
    """The keys that follow from a key by hand-overs."""
    keys = [key]
    for text in handovers:
        try:
            note = Note(text)
            title, old, new = note.text.splitlines()
            old, new = Key(old), Key(new)
        except (Fault, ValueError):
            continue
        is_known = old.text in [known.text for known in keys]
        if title == HANDOVER and is_known and new.name == old.name and old.has_signed(note):
            keys.append(new)
    return keys


def tree_head(text, keys):
    """The origin, size and root hash of a signed checkpoint."""
    note = Note(text)
    try:
        origin, size, root = note.text.split("\n")[:3]
        root = decoded(root)
        if not size.isascii() or not size.isdigit() or str(int(size)) != size or len(root) != 32:
            raise Fault(NO_CHECKPOINT)
    except (ValueError, binascii.Error):
        raise Fault(NO_CHECKPOINT) from None
    if all(key.name != origin for key in keys):
        raise Fault(OTHER_LOG)
    if not any(key.has_signed(note) for key in keys):
        raise Fault(NO_SIGNATURE)
    return origin, int(size), root


def leaf_hash(text):
    """The hash of a leaf (RFC 9162 section 2.1)."""
    return hashlib.sha256(b"\0" + text).digest()


class Tree:
    """The perfect subtrees of a tree that grows to the right."""

    def __init__(self):
        self.subtrees = []

    def add(self, leaves, root):
        """Adds a perfect subtree."""
        while self.subtrees and self.subtrees[-1][0] == leaves:
            _, left = self.subtrees.pop()
            root = hashlib.sha256(b"\1" + left + root).digest()
            leaves *= 2
        self.subtrees.append((leaves, root))

    def root(self):
        """The root hash."""
        root = None
        for _, left in reversed(self.subtrees):
            root = left if root is None else hashlib.sha256(b"\1" + left + root).digest()
        return root


def widths(start, end):
    """The numbers of leaves of the perfect subtrees of a range, from the left."""
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        if start:
            width = min(width, start & -start)
        yield width
        start += width


def add_subtrees(tree, start, end, roots):
    """Adds the subtrees on one side of the leaves."""
    expected = list(widths(start, end))
    if len(expected) != len(roots):
        raise Fault(NO_HEADER)
    for width, root in zip(expected, roots):
        root = decoded(root)
        if len(root) != 32:
            raise Fault(NO_HEADER)
        tree.add(width, root)


def read_line(file):
    """The next line; empty at the end."""
    line = file.readline(LINE_BYTES)
    if line and not line.endswith(b"\n"):
        raise Fault("The bundle cannot be read: its last line is cut off.")
    return line


def fault_of_event(event, digest, text):
    """What is wrong with an event; `None` for nothing."""
    if leaf_hash(text.encode()) != digest:
        return f"Event {event} was changed: its text does not have the hash of its leaf."
    if not text:
        return f"Event {event} is missing: it was removed before its checkpoint."
    try:
        row = json.loads(text)
    except ValueError:
        row = None
    if isinstance(row, list) and row[:2] == ["forged", "event"] and row[2:] == [event]:
        return f"Event {event} was inserted or changed before its checkpoint."
    is_event = isinstance(row, list) and len(row) == 2 and row[0] == "audit_event" and isinstance(row[1], dict)
    if not is_event or row[1].get("number") != event:
        return f"Event {event} has the text of another row."
    return None


def whole(number):
    """Whether this is a whole number that is not negative."""
    return type(number) is int and number >= 0


class Bundle:
    """A bundle that is verified line by line."""

    def __init__(self, file, key):
        self.file, self.tree, self.faults = file, Tree(), []
        self.events = self.removed = self.blocks = 0
        try:
            header = json.loads(read_line(file))
            self.first, self.count = header["first_leaf"], header["leaves"]
            self.right, self.next_event = header["right"], header["first_event"]
            handovers, checkpoint = header["handovers"], header["checkpoint"]
            left, origin, form = header["left"], header["origin"], header["format"]
        except (ValueError, KeyError, TypeError):
            raise Fault(NO_HEADER) from None
        self.origin, self.size, self.root = tree_head(checkpoint, followed(key, handovers))
        numbers = whole(self.first) and whole(self.count) and self.count > 0
        if not numbers or form != FORMAT or origin != self.origin or self.first + self.count > self.size:
            raise Fault(NO_HEADER)
        add_subtrees(self.tree, 0, self.first, left)

    def verify(self):
        """Verifies the leaves."""
        for place in range(self.count):
            line = read_line(self.file)
            if not line:
                raise Fault(f"The bundle ends after {place} of {self.count} leaves.")
            self.add(line, place + 2, self.first + place)
        if read_line(self.file):
            raise Fault("The bundle has lines after its last leaf.")
        add_subtrees(self.tree, self.first + self.count, self.size, self.right)
        if self.tree.root() != self.root:
            self.faults.append(NO_ROOT)

    def add(self, line, number, expected):
        """Adds a line."""
        no_leaf = Fault(f"Line {number} of the bundle is not a leaf.")
        try:
            leaf = json.loads(line)
            place, digest = leaf["leaf"], decoded(leaf["hash"])
            event, text = leaf.get("event"), leaf.get("text")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise no_leaf from None
        if not whole(place) or len(digest) != 32:
            raise no_leaf
        if place != expected:
            raise Fault(f"Line {number} of the bundle has leaf {place} instead of leaf {expected}.")
        if event is None:
            self.blocks += 1
        elif event != self.next_event:
            raise no_leaf
        else:
            self.next_event += 1
            if text is None:
                self.removed += 1
            else:
                self.events += 1
                fault = fault_of_event(event, digest, text)
                if fault:
                    self.faults.append(fault)
        self.tree.add(1, digest)


def verify(path, public_key):
    """Verifies a file, and returns what is wrong."""
    key = Key(public_key)
    with open(path, "rb") as file:
        bundle = Bundle(file, key)
        bundle.verify()
    print(f"Verified {bundle.events} events of the log {bundle.origin}.")
    print(
        f"Not checked: rows outside the bundle, of the {bundle.size} that its checkpoint has, and the content of "
        f"{bundle.blocks} blocks of calls and {bundle.removed} events that retention removed."
    )
    return bundle.faults


def main():
    """Verifies the file of the command line."""
    parser = argparse.ArgumentParser(description="Verifies a bundle of the audit log.")
    parser.add_argument("--public-key", required=True, metavar="KEY")
    parser.add_argument("bundle", metavar="FILE")
    options = parser.parse_args()
    try:
        faults = verify(options.bundle, options.public_key)
    except Fault as fault:
        faults = [str(fault)]
    for fault in faults:
        print(fault)
    if not faults:
        print("The events are in the log that the key signed, and none between them is missing.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
