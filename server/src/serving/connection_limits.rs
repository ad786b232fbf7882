//! Limits of connections: how many may be open in total and from one network, and which one is closed for a new one.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use domain::platform::network::network_of;
use tokio::sync::Notify;

use super::{
    open_pages::{OpenPages, PagesInTotal, PagesOfNetwork},
    progress::Progress,
};

/// Open connections at most, where the process may open as many files.
const CONNECTIONS: usize = 4_096;

/// Open files that are not connections: the database, the ingest queue, requests to other servers.
const OTHER_FILES: usize = 64;

/// How many connections may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Maxima {
    /// In total.
    total: usize,
    /// From one network, unless it is a trusted proxy's.
    per_network: usize,
}

impl Maxima {
    /// Raises the process's limit of open files as far as it may be raised, and derives the limits from it.
    pub(super) fn of_this_process() -> Self {
        let wanted = (CONNECTIONS + OTHER_FILES) as u64;
        // Where the limit cannot be read, the process is not limited.
        let files = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
        Self::of_files(usize::try_from(files).unwrap_or(CONNECTIONS))
    }

    pub(super) fn of_files(files: usize) -> Self {
        let total = files.saturating_sub(OTHER_FILES).clamp(16, CONNECTIONS);
        Self {
            total,
            per_network: total / 2,
        }
    }
}

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    maxima: Maxima,
    open: Mutex<Open>,
    pages: PagesInTotal,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// By the order in which they were accepted.
    held: BTreeMap<u64, Held>,
    networks: HashMap<IpAddr, Network>,
}

#[derive(Debug, Default)]
struct Network {
    connections: usize,
    pages: PagesOfNetwork,
}

#[derive(Debug)]
struct Held {
    network: IpAddr,
    progress: Arc<Progress>,
    close: Arc<Notify>,
}

/// No connection may be closed for a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyConnections;

impl Connections {
    pub(super) fn new(maxima: Maxima) -> Arc<Self> {
        Arc::new(Self {
            maxima,
            open: Mutex::default(),
            pages: PagesInTotal::default(),
        })
    }

    /// Adds a connection from this address, and closes another one for it at a limit. At the limit of its network, that
    /// is one of the network without a request in progress. At the limit in total, it is any without a request in
    /// progress, or else one of the network with the most connections.
    ///
    /// # Errors
    /// [`TooManyConnections`] if only busy connections of its own network could be closed.
    pub(super) fn add(
        self: &Arc<Self>,
        peer: IpAddr,
        is_proxy: bool,
    ) -> Result<OpenConnection, TooManyConnections> {
        let network = network_of(peer);
        let mut open = self.lock();
        let here = open.networks.get(&network).map_or(0, |of| of.connections);
        if !is_proxy && here >= self.maxima.per_network {
            let of_network = open.idle(Some(network));
            open.close(of_network.ok_or(TooManyConnections)?);
        } else if open.held.len() >= self.maxima.total {
            let other = open.idle(None).or_else(|| open.busy_except(network));
            open.close(other.ok_or(TooManyConnections)?);
        }
        let held = Held {
            network,
            progress: Arc::default(),
            close: Arc::default(),
        };
        let of_network = open.networks.entry(network).or_default();
        of_network.connections += 1;
        // The clients of a proxy share its address.
        let of_network = (!is_proxy).then(|| of_network.pages.clone());
        let pages = OpenPages::new(self.pages.clone(), of_network);
        let connection = OpenConnection {
            number: open.next,
            pages,
            progress: Arc::clone(&held.progress),
            close: Arc::clone(&held.close),
            connections: Arc::clone(self),
        };
        open.held.insert(connection.number, held);
        open.next += 1;
        Ok(connection)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// A connection without a request in progress: the oldest that never sent a request, or else the oldest.
    fn idle(&self, network: Option<IpAddr>) -> Option<u64> {
        let mut idle = self.held.iter().filter(|(_, held)| {
            held.progress.is_idle() && network.is_none_or(|network| held.network == network)
        });
        let oldest = idle.clone().next();
        let silent = idle.find(|(_, held)| held.progress.steps() == 0);
        silent.or(oldest).map(|(&number, _)| number)
    }

    /// The oldest connection of the network with the most connections, unless that is this network.
    fn busy_except(&self, network: IpAddr) -> Option<u64> {
        let largest = self.networks.iter().max_by_key(|(_, of)| of.connections);
        let (largest, _) = largest.filter(|(largest, _)| **largest != network)?;
        let oldest = self.held.iter().find(|(_, held)| held.network == *largest);
        oldest.map(|(&number, _)| number)
    }

    fn close(&mut self, number: u64) {
        if let Some(held) = self.held.get(&number) {
            held.close.notify_one();
        }
        self.remove(number);
    }

    fn remove(&mut self, number: u64) {
        let Some(held) = self.held.remove(&number) else {
            return;
        };
        if let Some(network) = self.networks.get_mut(&held.network) {
            network.connections -= 1;
            if network.connections == 0 {
                self.networks.remove(&held.network);
            }
        }
    }
}

/// A connection that counts until it is dropped.
#[derive(Debug)]
pub(super) struct OpenConnection {
    number: u64,
    pub(super) progress: Arc<Progress>,
    /// The pages that count together with those of this connection.
    pub(super) pages: OpenPages,
    /// Notified when the connection is to be closed at once.
    pub(super) close: Arc<Notify>,
    connections: Arc<Connections>,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.connections.lock().remove(self.number);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::{super::progress::InProgress, *};

    const MAXIMA: Maxima = Maxima {
        total: 4,
        per_network: 2,
    };

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn is_closed(connection: &OpenConnection) -> bool {
        connection.close.notified().now_or_never().is_some()
    }

    #[test]
    fn the_limits_leave_room_for_other_files() {
        assert_eq!(
            Maxima::of_files(256),
            Maxima {
                total: 192,
                per_network: 96
            }
        );
        assert_eq!(Maxima::of_files(1 << 20).total, CONNECTIONS);
        assert_eq!(Maxima::of_files(10).total, 16);
    }

    #[test]
    fn a_network_at_its_limit_closes_its_own_oldest_silent_connection() {
        let connections = Connections::new(MAXIMA);
        let add = |text| connections.add(address(text), false).unwrap();
        let other = add("192.0.2.2");
        let (first, second) = (add("192.0.2.1"), add("192.0.2.1"));
        drop(InProgress::begin(&first.progress, None));
        let third = add("192.0.2.1");
        assert_eq!(
            [&other, &first, &second, &third].map(is_closed),
            [false, false, true, false]
        );
        // Without a silent connection, the oldest is closed.
        drop(InProgress::begin(&third.progress, None));
        let fourth = add("192.0.2.1");
        assert_eq!(
            [&other, &first, &third, &fourth].map(is_closed),
            [false, true, false, false]
        );
    }

    #[test]
    fn the_addresses_of_an_ipv6_network_count_together() {
        let connections = Connections::new(MAXIMA);
        let add = |text| connections.add(address(text), false).unwrap();
        let first = add("2001:db8::1");
        let (_second, _third) = (add("2001:db8::2"), add("2001:db8::3"));
        assert!(is_closed(&first));
    }

    #[test]
    fn a_busy_connection_of_the_largest_network_is_closed_for_another_network() {
        let connections = Connections::new(MAXIMA);
        let add = |text, is_proxy| connections.add(address(text), is_proxy);
        let busy: Vec<_> = (0..4)
            .map(|_| add("192.0.2.1", true).unwrap())
            .map(|connection| (InProgress::begin(&connection.progress, None), connection))
            .collect();
        assert!(
            add("192.0.2.1", true).is_err(),
            "it is the largest network itself"
        );
        let other = add("192.0.2.2", false).unwrap();
        let closed: Vec<_> = busy
            .iter()
            .map(|(_, connection)| is_closed(connection))
            .collect();
        assert_eq!(closed, [true, false, false, false]);
        assert!(!is_closed(&other));
        drop((busy, other));
        assert!(connections.lock().networks.is_empty());
    }
}
