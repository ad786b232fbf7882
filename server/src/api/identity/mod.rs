//! `/v2/organization`, `/v2/organization/member`, `/v2/team` and `/v2/role`: the organization and who is in it.
//!
//! Start with [`member`]. Each file has its routes first, then their handlers, then the bodies; `schema` beside it
//! describes requests and responses for the OpenAPI document. Uses `platform`, and no other room of the API.

pub(crate) mod member;
pub(crate) mod organization;
pub(crate) mod role;
pub(crate) mod team;
