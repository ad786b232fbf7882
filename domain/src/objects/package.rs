//! A package: a dashboard or a dashboard group with everything in it as one document, in the format that the web
//! interface of the hosted service exports (docs/contract.md#packages).

mod package_type;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use self::{
    package_type::PackageType,
    read::{Package, PackagedDashboard, group_entries},
    write::{dashboard_package, group_package},
};
