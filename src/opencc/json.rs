//! OpenCC's JSON configurations, for people who keep their own.
//!
//! JSON with comments and trailing commas, dictionaries of the types `text` and `inline`, groups with either
//! match policy, normalisation and `mmseg` segmentation, as in OpenCC 1.4.2. Files of the binary types
//! `ocd` and `ocd2` are taken from the built-in tables when they name one of those, else refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jsonc_parser::{JsonObject, JsonValue, ParseOptions, parse_to_value};

use crate::converter::stage;
use crate::engine::{Scanner, tape};
use crate::lexicon::compile::{Arena, RouteSource, Target, compile};
use crate::lexicon::naive::{short_circuit, union};
use crate::lexicon::{Family, Route, ids};
use crate::table::{Diagnostic, Diagnostics, Table};
use crate::trace::{Sink, Trace, compose};
use crate::{Converter, Error};

type Map = BTreeMap<String, String>;

/// A configuration that was loaded at run time: its stages, compiled.
pub(crate) struct Chain {
    name: String,
    normalization: Vec<Stage>,
    segmentation: Option<Stage>,
    stages: Vec<Stage>,
    separators: Vec<char>,
    margin: usize,
}

struct Stage {
    family: Family,
    route: Route,
    /// The length of the longest key.
    longest: usize,
    /// Separators that no key contains; none when a value writes a description operator.
    separators: Vec<char>,
}

impl Stage {
    fn new(map: Map) -> Result<Self, Error> {
        let longest = map.keys().map(String::len).max().unwrap_or(0);
        let describes = map.values().any(|value| value.chars().any(|c| ids::arity(c) > 0));
        let free = |c: &char| !describes && !map.keys().any(|key| key.contains(*c));
        let separators = tape::SEPARATORS.into_iter().filter(free).collect();
        let entries = map.into_iter().map(|(key, value)| (key, Target::new(value))).collect();
        let source = RouteSource { entries, ..RouteSource::default() };
        let mut arena = Arena::default();
        let (mut family, mut routes) = compile(&[source], &BTreeMap::new(), &mut arena)?;
        arena.fill(&mut family);
        let route = routes.pop().ok_or_else(|| Error::json("", "a stage without a dictionary"))?;
        Ok(Self { family, route, longest, separators })
    }

    /// Converts a text that earlier stages may have written; `trace` holds their traces, and these upon them.
    fn convert(&self, text: &str, trace: &mut Option<Vec<Trace>>) -> String {
        let Some(before) = trace else {
            return stage((&self.family, &self.route), text, None);
        };
        let mut own = Vec::new();
        let out = stage((&self.family, &self.route), text, Some(&mut own));
        *before = compose(before, &own);
        out
    }

    fn tape(&self) -> tape::Stage<'_> {
        tape::Stage { scanner: Scanner::new(&self.family, &self.route), longest: self.longest }
    }
}

impl Chain {
    fn new(name: String, normalization: Vec<Stage>, segmentation: Option<Stage>, stages: Vec<Stage>) -> Self {
        let writers = || normalization.iter().chain(&stages);
        let all = || writers().chain(&segmentation);
        let free = |c: &char| all().all(|stage| stage.separators.contains(c));
        let separators = tape::SEPARATORS.into_iter().filter(free).collect();
        // Each stage may make one character of its longest key.
        let margin = writers().fold(64usize, |margin, stage| margin.saturating_mul(stage.longest.max(4)));
        Self { name, normalization, segmentation, stages, separators, margin }
    }

    /// Where a text may be cut.
    pub(crate) fn cuts(&self) -> tape::Cuts<'_> {
        tape::Cuts { separators: &self.separators, margin: self.margin }
    }

    /// The stages, to be run piece by piece.
    pub(crate) fn plan(&self) -> tape::Plan<'_> {
        tape::Plan {
            normalization: self.normalization.iter().map(Stage::tape).collect(),
            segmentation: self.segmentation.as_ref().map(|stage| (stage.tape(), Scanner::any_key_at as _)),
            chain: self.stages.iter().map(Stage::tape).collect(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Converts a text; `trace` receives what decided.
    pub(crate) fn convert(&self, text: &str, trace: Sink<'_>) -> String {
        let mut normalized = trace.is_some().then(Vec::new);
        let mut text = std::borrow::Cow::Borrowed(text);
        for stage in &self.normalization {
            text = stage.convert(&text, &mut normalized).into();
        }
        let mut traces = trace.is_some().then(Vec::new);
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        if let Some(segmentation) = &self.segmentation {
            let scanner = Scanner::new(&segmentation.family, &segmentation.route);
            let (mut gap, mut at) = (0, 0);
            while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
                let Some(length) = scanner.any_key_at(&text, at) else {
                    at += ids::unit_length(rest);
                    continue;
                };
                self.convert_segment(&text, (gap, at), &mut out, &mut traces);
                self.convert_segment(&text, (at, at + length), &mut out, &mut traces);
                at += length;
                gap = at;
            }
            self.convert_segment(&text, (gap, text.len()), &mut out, &mut traces);
        } else {
            self.convert_segment(&text, (0, text.len()), &mut out, &mut traces);
        }
        if let (Some(trace), Some(normalized), Some(traces)) = (trace, normalized, traces) {
            *trace = compose(&normalized, &traces);
        }
        out
    }

    fn convert_segment(
        &self,
        text: &str,
        (from, to): (usize, usize),
        out: &mut String,
        traces: &mut Option<Vec<Trace>>,
    ) {
        let mut segment = std::borrow::Cow::Borrowed(text.get(from..to).unwrap_or_default());
        if segment.is_empty() {
            return;
        }
        let mut own = traces.is_some().then(Vec::new);
        for stage in &self.stages {
            segment = stage.convert(&segment, &mut own).into();
        }
        if let (Some(traces), Some(own)) = (traces, own) {
            traces.extend(own.into_iter().map(|t| t.shifted(from, out.len())));
        }
        out.push_str(&segment);
    }
}

impl Converter {
    /// A converter from an OpenCC configuration file; dictionaries are looked for beside it.
    ///
    /// ```no_run
    /// use fanjian::Converter;
    ///
    /// let converter = Converter::from_opencc_json("my/s2mine.json")?;
    /// println!("{}", converter.convert("软件"));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A file that cannot be read, JSON or a dictionary that is malformed (with file, line and column), an
    /// unknown property value, a binary dictionary that is not built in.
    pub fn from_opencc_json(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| Error::read(path, &error))?;
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        Loader { file: path.display().to_string(), folder: folder.to_owned() }.load(&text)
    }

    /// As [`Converter::from_opencc_json`], from a string; `folder` is where dictionaries are looked for.
    ///
    /// ```
    /// use fanjian::Converter;
    ///
    /// let converter = Converter::from_opencc_json_str(
    ///     r#"{
    ///         "name": "mine", // comments are allowed
    ///         "conversion_chain": [
    ///             { "dict": { "type": "inline", "entries": { "服务器": "伺服器" } } },
    ///         ]
    ///     }"#,
    ///     ".",
    /// )?;
    /// assert_eq!(converter.convert("服务器"), "伺服器");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::from_opencc_json`].
    pub fn from_opencc_json_str(json: &str, folder: impl AsRef<Path>) -> Result<Self, Error> {
        Loader { file: "configuration".to_owned(), folder: folder.as_ref().to_owned() }.load(json)
    }
}

struct Loader {
    file: String,
    folder: PathBuf,
}

impl Loader {
    fn load(&self, text: &str) -> Result<Converter, Error> {
        let value = parse_to_value(text, &ParseOptions::default()).map_err(|error| {
            let fault = Diagnostic::new(
                &self.file,
                error.line_display(),
                error.column_display(),
                text.lines().nth(error.line_display().saturating_sub(1)).unwrap_or_default(),
                &error.kind().to_string(),
            );
            let mut faults = Diagnostics::default();
            faults.push(fault.help("this is not JSON (comments and trailing commas are allowed)"));
            Error::from(faults)
        })?;
        let Some(JsonValue::Object(root)) = value else {
            return Err(self.fault("the root of a configuration must be an object"));
        };
        let name = root.get_string("name").map(|name| name.to_string()).unwrap_or_default();
        let chain = self.stages(&root, "conversion_chain", false)?;
        let Some(stages) = chain else {
            return Err(self.fault("the property `conversion_chain` is missing; it must be an array"));
        };
        let normalization = self.stages(&root, "normalization", false)?.unwrap_or_default();
        let segmentation = match root.get_object("segmentation") {
            None => None,
            Some(segmentation) => {
                match segmentation.get_string("type").map(|kind| kind.to_string()).as_deref() {
                    Some("mmseg") => {}
                    other => {
                        return Err(self.fault(&format!(
                            "segmentation of the type `{}` needs a plugin; use `mmseg` or a native route",
                            other.unwrap_or_default()
                        )));
                    }
                }
                let dict = segmentation.get_object("dict");
                let dict = dict.ok_or_else(|| self.fault("the segmentation has no `dict`"))?;
                // Only the keys count. A value that no key has keeps keys that map to themselves visible.
                let keys = self.dict(dict, true)?.map(|map| map.into_keys().map(|key| (key, "\u{1}".to_owned())));
                keys.map(|keys| Stage::new(keys.collect())).transpose()?
            }
        };
        Ok(Converter::chain(Chain::new(name, normalization, segmentation, stages)))
    }

    fn stages(&self, root: &JsonObject<'_>, property: &str, tofu: bool) -> Result<Option<Vec<Stage>>, Error> {
        let Some(array) = root.get_array(property) else {
            return Ok(None);
        };
        let mut out = Vec::new();
        for value in array.iter() {
            let JsonValue::Object(stage) = value else {
                return Err(self.fault(&format!("each element of `{property}` must be an object")));
            };
            let dict = stage.get_object("dict");
            let dict = dict.ok_or_else(|| self.fault(&format!("an element of `{property}` has no `dict`")))?;
            if let Some(map) = self.dict(dict, tofu)? {
                out.push(Stage::new(map)?);
            }
        }
        Ok(Some(out))
    }

    /// A dictionary as one map for longest match; `None` when it is left out for its tofu risk.
    fn dict(&self, dict: &JsonObject<'_>, tofu: bool) -> Result<Option<Map>, Error> {
        let string = |property: &str| dict.get_string(property).map(|text| text.to_string());
        let kind = string("type").ok_or_else(|| self.fault("a dictionary has no `type`"))?;
        if kind == "inline" {
            return self.inline(dict).map(Some);
        }
        if dict.get_boolean("may_output_tofu") == Some(true) && !tofu {
            return Ok(None);
        }
        match kind.as_str() {
            "group" => {
                let policy = string("match_policy").unwrap_or_else(|| "short_circuit".to_owned());
                let members = dict.get_array("dicts").ok_or_else(|| self.fault("a group has no `dicts`"))?;
                let mut layers = Vec::new();
                for member in members.iter() {
                    let JsonValue::Object(member) = member else {
                        return Err(self.fault("each element of `dicts` must be an object"));
                    };
                    layers.extend(self.dict(member, tofu)?);
                }
                if layers.is_empty() {
                    return Ok(None);
                }
                match policy.as_str() {
                    "short_circuit" => Ok(Some(short_circuit(&layers))),
                    "union" => Ok(Some(union(&layers))),
                    other => Err(self.fault(&format!("`{other}` is not a match_policy; use short_circuit or union"))),
                }
            }
            "text" => {
                let name = string("file").ok_or_else(|| self.fault("a text dictionary has no `file`"))?;
                let path = self.folder.join(&name);
                let bytes = fs::read(&path).map_err(|error| Error::read(&path, &error))?;
                Ok(Some(default_values(&Table::parse(&path.display().to_string(), &bytes)?)))
            }
            "ocd2" | "ocd" => {
                let name = string("file").unwrap_or_default();
                Err(self.fault(&format!(
                    "`{name}` is a compiled dictionary, which only OpenCC reads; use the text table it was made from \
                     (type `text`, for instance by `opencc_dict -f ocd2 -t text`), or a built-in configuration"
                )))
            }
            other => Err(self.fault(&format!("`{other}` is not a dictionary type; use text, inline or group"))),
        }
    }

    fn inline(&self, dict: &JsonObject<'_>) -> Result<Map, Error> {
        if dict.get("may_output_tofu").is_some() {
            return Err(self.fault("an inline dictionary does not take `may_output_tofu`"));
        }
        let entries = dict.get_object("entries");
        let entries = entries.ok_or_else(|| self.fault("an inline dictionary has no `entries`"))?;
        let mut out = Map::new();
        for (key, value) in entries.clone() {
            let key = key.to_string();
            let JsonValue::String(value) = value else {
                return Err(self.fault(&format!("the value of the inline entry `{key}` must be a string")));
            };
            if key.is_empty() || value.is_empty() {
                return Err(self.fault(&format!("the inline entry `{key}` has an empty side")));
            }
            out.insert(key, value.to_string());
        }
        Ok(out)
    }

    fn fault(&self, message: &str) -> Error {
        Error::json(&self.file, message)
    }
}

/// The default value of each entry.
pub(crate) fn default_values(table: &Table) -> Map {
    table.entries.iter().filter_map(|entry| Some((entry.key.clone(), entry.values.first()?.clone()))).collect()
}
