//! Resolves the hosts of outgoing requests to addresses that are allowed.

use std::net::{IpAddr, SocketAddr};

use domain::integrations::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Limit on the addresses that are tried of a host that a member configured, in the order of the resolver.
const TRIED_ADDRESSES: usize = 4;

/// The addresses that a client may connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addresses {
    /// All addresses: the operator configured the host.
    Any,
    /// Addresses of the public internet: a member configured the host, and the private network must stay unreachable.
    Public,
}

/// Resolves a name to addresses that are allowed. The connection is made to the checked address, so that the name
/// cannot resolve to another one in between.
pub(crate) struct Resolver(pub(super) Addresses);

#[derive(Debug, thiserror::Error)]
pub(crate) enum NotResolved {
    #[error("the host has no address")]
    Unknown,
    #[error("its address is private, and this server does not connect to private addresses")]
    Private,
}

impl Addresses {
    pub(super) fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Public => is_public(address),
        }
    }

    const fn limit(self) -> usize {
        match self {
            Self::Any => usize::MAX,
            Self::Public => TRIED_ADDRESSES,
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0;
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|_| NotResolved::Unknown)?;
            let addresses: Vec<SocketAddr> = found
                .filter(|address| allowed.allows(address.ip()))
                .take(allowed.limit())
                .collect();
            if addresses.is_empty() {
                return Err(NotResolved::Private.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
