package clients_test

import (
	"net/http"
	"slices"

	"github.com/signalfx/signalfx-go/directory"
)

var directoryCases = map[string]testCase{
	"DeleteDirectoryEntry": deleteDirectoryEntry,
	"GetDirectoryEntry":    getDirectoryEntry,
	"PatchDirectoryEntry":  patchDirectoryEntry,
}

// ownPath returns a path below the administrator's own folder. Its escapes differ from those of other paths: a space is
// sent as a plus sign.
func ownPath(t *tester, name string) string {
	return "~users/" + t.server.administrator.email + "/" + t.label(name+" A+B")
}

// pinned makes an entry with these templates.
func pinned(t *tester, path string, templates ...string) {
	t.Helper()
	request := &directory.PatchDirectoryEntryRequest{Pinned: new(true), Templates: templates}
	_, err := t.PatchDirectoryEntry(t.Context(), path, request)
	must(t, err)
}

// getDirectoryEntry reads an entry, its ancestors, and the root.
func getDirectoryEntry(t *tester) {
	path := ownPath(t, "read")
	pinned(t, path)
	read, err := t.GetDirectoryEntry(t.Context(), path)
	must(t, err)
	equal(t, "the number of errors", len(read.Errors), 0)
	checkEntry(t, read.Data, path, true)
	parent, err := t.GetDirectoryEntry(t.Context(), "~users/"+t.server.administrator.email)
	must(t, err)
	equal(t, "whether the parent lists the entry", slices.Contains(parent.Data.Children, read.Data.Self), true)
	root, err := t.GetDirectoryEntry(t.Context(), "")
	must(t, err)
	equal(t, "the path of the root", root.Data.Path, "")
	equal(t, "the address of the root", root.Data.Self, "/v2/directory")
	equal(t, "whether the entry is below the root", slices.Contains(read.Data.Ancestors, root.Data.Self), true)
}

// patchDirectoryEntry makes an entry, adds and removes templates, and removes the pin.
func patchDirectoryEntry(t *tester) {
	path := ownPath(t, "patched")
	patch := func(request directory.PatchDirectoryEntryRequest) *directory.Entry {
		patched, err := t.PatchDirectoryEntry(t.Context(), path, &request)
		must(t, err)
		return patched.Data
	}
	checkEntry(t, patch(directory.PatchDirectoryEntryRequest{Pinned: new(true)}), path, true)
	first, second := templates.created(t), templates.created(t)
	both := []string{second.Self, first.Self}
	entry := patch(directory.PatchDirectoryEntryRequest{Templates: both})
	same(t, "templates", entry.Templates, both)
	equal(t, "whether it stays pinned", entry.Pinned, true)
	entry = patch(directory.PatchDirectoryEntryRequest{Pinned: new(false)})
	same(t, "templates", entry.Templates, both)
	equal(t, "whether it is pinned", entry.Pinned, false)
	listed, err := t.GetTemplate(t.Context(), first.ID, nil)
	must(t, err)
	equal(t, "whether the template lists the entry", slices.Contains(listed.Data.DirectoryEntries, entry.Self), true)
	entry = patch(directory.PatchDirectoryEntryRequest{Templates: []string{}, Pinned: new(true)})
	equal(t, "the number of templates", len(entry.Templates), 0)
}

// deleteDirectoryEntry checks that templates of the entry stay. A path without an entry may still be read.
func deleteDirectoryEntry(t *tester) {
	path := ownPath(t, "deleted")
	member := templates.created(t)
	pinned(t, path, member.Self)
	must(t, t.DeleteDirectoryEntry(t.Context(), path))
	read, err := t.GetDirectoryEntry(t.Context(), path)
	if status(err) != http.StatusNotFound {
		must(t, err)
		checkEntry(t, read.Data, path, false)
	}
	listed, err := t.GetTemplate(t.Context(), member.ID, nil)
	must(t, err)
	equal(t, "the number of entries of the template", len(listed.Data.DirectoryEntries), 0)
}

func checkEntry(t *tester, entry *directory.Entry, path string, isPinned bool) {
	t.Helper()
	equal(t, "the type", entry.Type, directory.EntryType)
	equal(t, "the path", entry.Path, path)
	equal(t, "whether it is pinned", entry.Pinned, isPinned)
	equal(t, "the number of templates", len(entry.Templates), 0)
	equal(t, "the number of children", len(entry.Children), 0)
}
