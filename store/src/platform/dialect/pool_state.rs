//! The number of connections, for metrics.

/// The connections of one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// What the connections are for.
    pub name: &'static str,
    /// The number of connections in use.
    pub used: u32,
    /// The number of idle connections.
    pub idle: u32,
    /// The maximum number of connections.
    pub most: u32,
}

impl PoolState {
    pub(super) fn of(name: &'static str, pool: &sqlx::SqlitePool) -> Self {
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Self {
            name,
            used: pool.size().saturating_sub(idle),
            idle,
            most: pool.options().get_max_connections(),
        }
    }
}
