//! The names that the module system itself uses, interned once.

use std::sync::LazyLock;

use nixpact_syntax::Symbol;

macro_rules! names {
    ($($name:ident = $text:literal),* $(,)?) => {
        $(pub(crate) static $name: LazyLock<Symbol> = LazyLock::new(|| Symbol::new($text));)*
    };
}

names! {
    APPLY = "apply",
    ARGS = "args",
    CHECK = "check",
    CONDITION = "condition",
    CONFIG = "config",
    CONTENT = "content",
    CONTENTS = "contents",
    DEFAULT = "default",
    DESCRIPTION = "description",
    DISABLED_MODULES = "disabledModules",
    EMPTY_VALUE = "emptyValue",
    EXAMPLE = "example",
    FILE = "_file",
    FILE_NAME = "file",
    CLASS = "_class",
    CLASS_NAME = "class",
    OWN_PREFIX = "_prefix",
    FREEFORM_TYPE = "freeformType",
    GET_SUB_MODULES = "getSubModules",
    GET_SUB_OPTIONS = "getSubOptions",
    IMPORTS = "imports",
    INTERNAL = "internal",
    KEY = "key",
    LIB = "lib",
    MERGE = "merge",
    META = "meta",
    MODULE = "_module",
    MODULES_PATH = "modulesPath",
    NAME = "name",
    NESTED_TYPES = "nestedTypes",
    OPTIONS = "options",
    PAYLOAD = "_payload",
    PREFIX = "prefix",
    PRIORITY = "priority",
    READ_ONLY = "readOnly",
    REQUIRE = "require",
    SPECIAL_ARGS = "specialArgs",
    TYPE = "type",
    TYPE_TAG = "_type",
    VALUE = "value",
    VISIBLE = "visible",
}
