//! XML.

use nixpact_syntax::{Parameter, Symbol};

use super::{Args, Builtin};
use crate::coerce::Text;
use crate::evaluator::Evaluator;
use crate::print::float;
use crate::thunk::Thunk;
use crate::trees::is_outside;
use crate::unknown::{Eval, Stop};
use crate::value::{Attrs, Closure, Piece, Value};

pub(super) const TABLE: &[Builtin] = &[Builtin { name: "toXML", arity: 1, run: to_xml }];

/// `builtins.toXML` (`printValueAsXML`); what is unknown in the value leaves an unknown piece.
fn to_xml<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut writer = Writer { ev, out: Text::new(ev), depth: 1 };
    writer.out.push_str("<?xml version='1.0' encoding='utf-8'?>\n<expr>\n");
    writer.value(args[0])?;
    writer.out.push_str("</expr>\n");
    Ok(writer.out.finish())
}

struct Writer<'e, 'a> {
    ev: &'e Evaluator<'a>,
    out: Text<'e, 'a>,
    depth: usize,
}

impl<'a> Writer<'_, 'a> {
    fn value(&mut self, thunk: &'a Thunk<'a>) -> Eval<'a, ()> {
        let ev = self.ev;
        self.out.check_length(0)?;
        match ev.nested(|| self.known(ev.force(thunk)?)) {
            Err(Stop::Unknown(unknown)) => {
                self.out.push_piece(Piece::Unknown(unknown));
                Ok(())
            }
            other => other,
        }
    }

    fn known(&mut self, value: Value<'a>) -> Eval<'a, ()> {
        match value {
            Value::Null => self.empty("null"),
            Value::Bool(value) => self.simple("bool", if value { "true" } else { "false" }),
            Value::Int(value) => self.simple("int", &value.to_string()),
            Value::Float(value) => self.simple("float", &float(value)),
            Value::Str(text) => self.simple("string", text),
            Value::Template(pieces) => self.template(pieces),
            Value::Path(path) if is_outside(path) => return Err(self.ev.where_it_lies(path)),
            Value::Path(path) if path.starts_with('/') => self.simple("path", path),
            Value::Path(_) => return Err(self.ev.template_unknown(&[])),
            Value::List(list) => {
                if let Some(rest) = list.rest {
                    return Err(Stop::Unknown(rest));
                }
                self.open("<list>");
                for item in list.items {
                    self.value(item)?;
                }
                self.close("list");
            }
            Value::Attrs(attrs) => self.attrs(attrs)?,
            Value::Lambda(closure) => self.function(closure),
            Value::Builtin(partial) if super::is_of_nix(partial.builtin) => {
                self.empty("unevaluated");
            }
            // Written in Nix, in nixpkgs, where its parameter has a name.
            Value::Builtin(_) => return self.ev.unsupported("a function of lib as XML"),
        }
        Ok(())
    }

    fn attrs(&mut self, attrs: &'a Attrs<'a>) -> Eval<'a, ()> {
        if let Some(rest) = attrs.rest {
            return Err(Stop::Unknown(rest));
        }
        if let Some(kind) = attrs.get(Symbol::new("type"))
            && self.ev.equal(self.ev.force(kind.value)?, Value::Str("derivation"))?
        {
            return self.ev.unsupported("a derivation as XML");
        }
        self.open("<attrs>");
        for attr in attrs.sorted() {
            self.open(&format!("<attr name=\"{}\">", escaped(attr.name.as_str())));
            self.value(attr.value)?;
            self.close("attr");
        }
        self.close("attrs");
        Ok(())
    }

    fn function(&mut self, closure: &Closure<'a>) {
        self.open("<function>");
        match &closure.lambda().parameter {
            Parameter::Name(name) => {
                self.line(&format!("<varpat name=\"{}\" />", escaped(name.as_str())));
            }
            Parameter::Pattern { formals, ellipsis, whole } => {
                let ellipsis = if *ellipsis { " ellipsis=\"1\"" } else { "" };
                let whole = whole.map_or_else(String::new, |name| format!(" name=\"{name}\""));
                self.open(&format!("<attrspat{ellipsis}{whole}>"));
                let mut names: Vec<_> = formals.iter().map(|formal| formal.name.as_str()).collect();
                names.sort_unstable();
                for name in names {
                    self.line(&format!("<attr name=\"{}\" />", escaped(name)));
                }
                self.close("attrspat");
            }
        }
        self.close("function");
    }

    fn template(&mut self, pieces: &[Piece<'a>]) {
        self.indent();
        self.out.push_str("<string value=\"");
        for piece in pieces {
            match piece {
                Piece::Known(text) => self.out.push_str(&escaped(text)),
                // A path of the file system may hold quotes as well.
                Piece::Location(_) | Piece::Copy(_) => {
                    if let Stop::Unknown(unknown) = self.ev.template_unknown(&[]) {
                        self.out.push_piece(Piece::Unknown(unknown));
                    }
                }
                piece => self.out.push_piece(*piece),
            }
        }
        self.out.push_str("\" />\n");
    }

    fn simple(&mut self, element: &str, value: &str) {
        self.line(&format!("<{element} value=\"{}\" />", escaped(value)));
    }

    fn empty(&mut self, element: &str) {
        self.line(&format!("<{element} />"));
    }

    fn open(&mut self, tag: &str) {
        self.line(tag);
        self.depth += 1;
    }

    fn close(&mut self, element: &str) {
        self.depth -= 1;
        self.line(&format!("</{element}>"));
    }

    fn line(&mut self, text: &str) {
        self.indent();
        self.out.push_str(text);
        self.out.push_str("\n");
    }

    fn indent(&mut self) {
        self.out.push_str(&"  ".repeat(self.depth));
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("&#xA;"),
            other => out.push(other),
        }
    }
    out
}
