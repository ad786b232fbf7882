package clients_test

import (
	"net/http"
	"slices"

	"github.com/signalfx/signalfx-go/organization"
)

var organizationCases = map[string]testCase{"GetOrganization": getOrganization}

var memberCases = map[string]testCase{
	"DeleteMember":           deleteMember,
	"GetMember":              getMember,
	"GetOrganizationMembers": getOrganizationMembers,
	"InviteMember":           inviteMember,
	"InviteMembers":          inviteMembers,
	"UpdateMember":           updateMember,
}

func getOrganization(t *tester) {
	read, err := t.GetOrganization(t.Context(), "")
	must(t, err)
	equal(t, "the name", read.OrganizationName, "My organization")
	equal(t, "the type", read.AccountType, "SELF_HOSTED")
	equal(t, "the status", read.AccountStatus, "ACTIVE")
	administrator, err := t.GetMember(t.Context(), t.server.administrator.id)
	must(t, err)
	equal(t, "the id", read.Id, administrator.OrganizationId)
	_, err = t.server.client(t.T, "not a token", t.recorder).GetOrganization(t.Context(), "")
	fails(t, http.StatusUnauthorized, err)
}

func getMember(t *tester) {
	person := t.server.member(t.T, "Grace Hopper", "power")
	read, err := t.GetMember(t.Context(), person.id)
	must(t, err)
	echoes(t, read, map[string]any{
		"id": person.id, "userId": person.id, "email": person.email, "fullName": person.name, "admin": false,
	})
	_, err = t.GetMember(t.Context(), unknown)
	fails(t, http.StatusNotFound, err)
}

// getOrganizationMembers asks for the page beyond the last one as well, as the Terraform provider does.
func getOrganizationMembers(t *tester) {
	person := t.server.member(t.T, "Karen Jones", "read_only")
	query := "email:" + person.email
	found, err := t.GetOrganizationMembers(t.Context(), 1000, query, 0, "-sf_timestamp")
	must(t, err)
	checkPages(t, func(m *organization.Member) string { return m.Id }, []string{person.id}, found.Results)
	equal(t, "count", found.Count, 1)
	beyond, err := t.GetOrganizationMembers(t.Context(), 1000, query, 1000, "-sf_timestamp")
	must(t, err)
	equal(t, "the number of members beyond the last page", len(beyond.Results), 0)
	equal(t, "count beyond the last page", beyond.Count, 1)
	administrators, err := t.GetOrganizationMembers(t.Context(), 1000, "sf_role:admin", 0, "")
	must(t, err)
	for _, member := range administrators.Results {
		equal(t, "whether "+member.Email+" is an administrator", member.Admin, true)
	}
}

func inviteMember(t *tester) {
	request := &organization.CreateUpdateMemberRequest{
		Email: t.label("invited") + "@example.com", FullName: "Mary Shaw", Title: "Professor", Phone: "555-0100",
	}
	invited, err := t.InviteMember(t.Context(), request)
	must(t, err)
	echoes(t, invited, request)
	found, err := t.GetOrganizationMembers(t.Context(), 10, "email:"+request.Email, 0, "")
	must(t, err)
	equal(t, "the number of members with an open invitation", found.Count, 0)
	_, err = t.InviteMember(t.Context(), request)
	fails(t, http.StatusTooManyRequests, err)
	_, err = t.InviteMember(t.Context(), &organization.CreateUpdateMemberRequest{Email: t.server.administrator.email})
	fails(t, http.StatusBadRequest, err)
}

// inviteMembers checks that an invalid address rejects all of them.
func inviteMembers(t *tester) {
	request := &organization.InviteMembersRequest{Members: []*organization.Member{
		{Email: t.label("one") + "@example.com", FullName: "One"},
		{Email: t.label("two") + "@example.com", FullName: "Two", Title: "Second", Phone: "555-0101"},
	}}
	invalid := append(slices.Clone(request.Members), &organization.Member{Email: "no address"})
	_, err := t.InviteMembers(t.Context(), &organization.InviteMembersRequest{Members: invalid})
	fails(t, http.StatusBadRequest, err)
	invited, err := t.InviteMembers(t.Context(), request)
	must(t, err)
	echoes(t, invited, request)
}

func updateMember(t *tester) {
	person := t.server.member(t.T, "Joan Clarke", "power")
	for _, admin := range []bool{true, false} {
		updated, err := t.UpdateMember(t.Context(), person.id, &organization.UpdateMemberRequest{Admin: admin})
		must(t, err)
		equal(t, "the id", updated.Id, person.id)
		equal(t, "whether they are an administrator", updated.Admin, admin)
		read, err := t.GetMember(t.Context(), person.id)
		must(t, err)
		same(t, "what is read", read, updated)
	}
	_, err := t.UpdateMember(t.Context(), t.server.administrator.id, &organization.UpdateMemberRequest{Admin: false})
	fails(t, http.StatusBadRequest, err)
}

func deleteMember(t *tester) {
	person := t.server.member(t.T, "Mary Jackson", "power")
	must(t, t.DeleteMember(t.Context(), person.id))
	_, err := t.GetMember(t.Context(), person.id)
	fails(t, http.StatusNotFound, err)
	fails(t, http.StatusNotFound, t.DeleteMember(t.Context(), person.id))
	fails(t, http.StatusBadRequest, t.DeleteMember(t.Context(), t.server.administrator.id))
}
