//! What the text of a file tells, without a value being computed.

pub(crate) mod facts;
pub(crate) mod flow;
pub(crate) mod legacy;
pub(crate) mod reads;
pub(crate) mod scan;
