//! Lists of members: by query or by page filter (docs/contract.md#members). Pending invitations are not members.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use domain::{
    identity::{actor::Caller, role::Role},
    platform::{
        id::{Id, UserId},
        limits,
        page::{OffsetPage, Page, order_field},
        search::{Search, Term},
    },
};
use store::{Member, MemberFilter, MemberOrder, Organization};

use crate::{
    identity::{
        handle::Members,
        members::{checks::present_member, view::MemberView},
        roles::list::RoleView,
    },
    platform::error::ServiceError,
};

/// A member with their roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberWithRoles {
    /// The member.
    pub member: MemberView,
    /// Their roles, strongest first.
    pub roles: Vec<RoleView>,
}

impl MemberWithRoles {
    pub(crate) fn new(organization: &Organization, member: Member) -> Self {
        Self {
            roles: RoleView::all_of(organization, member.roles),
            member: member.into(),
        }
    }
}

impl Members {
    /// Lists the members that match a query, ordered by a field, with `-` for descending; by name when the field is
    /// unknown.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the query cannot be parsed, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
    pub async fn search(
        &self,
        caller: &Caller,
        query: &str,
        order_by: &str,
        page: OffsetPage,
    ) -> Result<Page<MemberWithRoles>, ServiceError> {
        caller.authorize_administrator()?;
        let search = Search::parse(query)?;
        let organization = self.platform.organization().await?;
        let mut read = self.platform.store().read().await?;
        let found = match Plan::of(&search, order_by) {
            Plan::Address(email) => {
                let member = read.find_member_by_email(&email).await?;
                let member = member.filter(|member| member.organization_id == organization.id);
                Page::of_one(member.filter(|member| matches(&search, member)), page)
            }
            Plan::Filter(filter) => read.page_members(organization.id, &filter, page).await?,
            Plan::Scan => {
                let members = read.list_members(organization.id, limits::SEARCHED_MEMBERS);
                scanned(members.await?, &search, order_by, page)
            }
        };
        Ok(found.map(|member| MemberWithRoles::new(&organization, member)))
    }

    /// Returns a page of the members that match the filter, for the page that lists them.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn page(
        &self,
        caller: &Caller,
        filter: &MemberFilter,
        page: OffsetPage,
    ) -> Result<Page<MemberView>, ServiceError> {
        caller.authorize_administrator()?;
        let mut read = self.platform.store().read().await?;
        let found = read
            .page_members(caller.organization_id(), filter, page)
            .await?;
        Ok(found.map(MemberView::from))
    }

    /// Returns the names of the current members among these ids.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn names(
        &self,
        caller: &Caller,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<Id, String>, ServiceError> {
        caller.authorize_administrator()?;
        let ids: HashSet<Id> = ids.into_iter().collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        let found = self
            .platform
            .store()
            .read()
            .await?
            .list_members_by_id(&ids)
            .await?;
        Ok(found
            .into_iter()
            .filter(|member| member.removed_at.is_none())
            .map(|member| (member.id.0, member.full_name))
            .collect())
    }

    /// Finds a member by id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
    pub async fn find(&self, caller: &Caller, id: UserId) -> Result<MemberWithRoles, ServiceError> {
        caller.authorize_administrator()?;
        let organization = self.platform.organization().await?;
        let mut read = self.platform.store().read().await?;
        let member = present_member(&mut read, caller, id).await?;
        Ok(MemberWithRoles::new(&organization, member))
    }
}

/// How a query is executed.
enum Plan {
    /// Only the member with this address can match.
    Address(String),
    /// The filter of a page.
    Filter(MemberFilter),
    /// Every member has to be compared.
    Scan,
}

impl Plan {
    fn of(search: &Search, order_by: &str) -> Self {
        let (required, is_complete) = search.required();
        let mut emails = required
            .iter()
            .filter(|term| term.field.as_deref() == Some("email"));
        if let Some(email) = emails.find_map(|term| term.whole()) {
            return Self::Address(email.to_owned());
        }
        let (Some(order), _, descending) = order_of(order_by) else {
            return Self::Scan;
        };
        if !is_complete {
            return Self::Scan;
        }
        let mut filter = MemberFilter {
            order,
            descending,
            ..MemberFilter::default()
        };
        for term in required {
            let Some(text) = term.whole().filter(|text| !text.is_empty()) else {
                return Self::Scan;
            };
            let part = match term.field.as_deref() {
                None => &mut filter.search,
                Some("sf_role") if Role::from_title(text).is_some() => &mut filter.role,
                Some(_) => return Self::Scan,
            };
            if !part.is_empty() {
                return Self::Scan;
            }
            text.clone_into(part);
        }
        Self::Filter(filter)
    }
}

/// A page of the members that match a query. `members` are sorted by name.
fn scanned(
    mut members: Vec<Member>,
    search: &Search,
    order_by: &str,
    page: OffsetPage,
) -> Page<Member> {
    members.retain(|member| matches(search, member));
    let (by, order, is_descending) = order_of(order_by);
    if by == Some(MemberOrder::Name) && is_descending {
        members.reverse();
    }
    // The sort is stable.
    members.sort_by(|one, other| {
        if is_descending {
            order(other, one)
        } else {
            order(one, other)
        }
    });
    Page::of_all(members, page)
}

fn matches(search: &Search, member: &Member) -> bool {
    search.finds(|term| matches_condition(member, term))
}

/// Whether a member matches one condition of a query. No member matches an unknown field.
fn matches_condition(member: &Member, term: &Term) -> bool {
    let given = |value: &Option<String>| value.as_ref().is_some_and(|value| term.is(value));
    match term.field.as_deref() {
        None => term.is_within(&member.email) || term.is_within(&member.full_name),
        Some("email") => term.is(&member.email),
        Some("fullName") => term.is(&member.full_name),
        Some("title") => given(&member.title),
        Some("phone") => given(&member.phone),
        Some("admin") => term.is(if member.roles.is_admin() {
            "true"
        } else {
            "false"
        }),
        Some("sf_role") => member.roles.iter().any(|role| term.is(role.title())),
        Some(_) => false,
    }
}

/// The order of a page, `None` when only a scan supports it; the order of a scan, after that by name; and whether both
/// are descending.
fn order_of(order_by: &str) -> (Option<MemberOrder>, Compare, bool) {
    let (field, is_descending) = order_field(order_by);
    let (order, compare): (_, Compare) = match field {
        "title" => (None, |one, other| one.title.cmp(&other.title)),
        "phone" => (None, |one, other| one.phone.cmp(&other.phone)),
        "admin" => (None, |one, other| {
            one.roles.is_admin().cmp(&other.roles.is_admin())
        }),
        "fullName" => (Some(MemberOrder::Name), |_, _| Ordering::Equal),
        "email" => (Some(MemberOrder::Email), |one, other| {
            one.email.cmp(&other.email)
        }),
        "created" | "createdOnMs" => (Some(MemberOrder::Created), |one, other| {
            one.created_at.cmp(&other.created_at)
        }),
        "lastUpdated" | "updatedOnMs" | "timestamp" => {
            (Some(MemberOrder::Updated), |one, other| {
                one.updated_at.cmp(&other.updated_at)
            })
        }
        // The default, also in its direction.
        _ => return (Some(MemberOrder::Name), |_, _| Ordering::Equal, false),
    };
    (order, compare, is_descending)
}

type Compare = fn(&Member, &Member) -> Ordering;
