//! What survives a reboot, where services keep data, and what is backed up.

pub(crate) mod backups;
pub(crate) mod data;
pub(crate) mod persistence;
