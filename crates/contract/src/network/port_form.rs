//! How settings name a port.

/// What the value of a setting looks like that names a port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PortForm {
    Number,
    /// A string of digits.
    Text,
    /// A list of nothing else.
    List,
    /// A string in which the port stands between these.
    Address {
        before: String,
        behind: String,
    },
    /// What a container publishes, where other things are said too.
    Publication,
}

impl PortForm {
    /// The value of the setting for a port, in Nix; `None` where it is to say more than that.
    pub fn write(&self, port: i64) -> Option<String> {
        match self {
            PortForm::Number => Some(port.to_string()),
            PortForm::Text => Some(format!("\"{port}\"")),
            PortForm::List => Some(format!("[ {port} ]")),
            PortForm::Address { before, behind } => Some(format!("\"{before}:{port}{behind}\"")),
            PortForm::Publication => None,
        }
    }
}
