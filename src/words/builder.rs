//! Choices on the way to a converter: [`ConverterBuilder`].

use std::sync::Arc;

use super::lexicon::{ALWAYS, Word, table_words};
use super::{Glyphs, UserLexicon, Words, official};
#[cfg(feature = "native")]
use crate::AutoConverter;
use crate::converter::Engine;
use crate::locale::Variety;
use crate::native::domain::DOMAINS;
use crate::table::{ConceptTable, Diagnostic, Diagnostics, LocaleColumn, Tier};
use crate::{Converter, Domain, Error, Locale, OpenccConfig, Terms, data};

/// Chooses terms, glyphs and own words for a [`Converter`].
///
/// # Own words
///
/// *Entries* replace a source by a target, *protected* words stay as they are. Both are final: what they write is never
/// converted again, and they win over everything built in. They are looked for in the source text as it is written, so
/// a source is spelled as the text spells it; where several could be taken, the one that starts first is, and of these
/// the longest. They win in Japanese clauses, and in lines that are in the target script already, too. Of words with the
/// same source the one that was added last counts, and any of them over those of a [`UserLexicon`].
///
/// The text between own words is converted as one text with holes: script, domains and the rest of what the
/// route learns from a text go on across. For its neighbours an own word is the edge of a clause: no phrase of the
/// route reaches over it, and none looks into it. So an entry `头` takes the 髮 from 头发: 发 stands alone then.
///
/// Converting twice gives what converting once gives as long as no target holds a source: that is the
/// caller's to see to.
///
/// # Cost
///
/// Ten thousand entries take some milliseconds to compile. A converter without own words does not pay for them.
///
/// ```
/// use fanjian::{Converter, Domain, Locale};
///
/// let converter = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_HK)
///     .domain(Domain::COMPUTING)
///     .entry("麦旋风", "麥旋風（雪糕）")
///     .protect("面板")
///     .build()?;
/// assert_eq!(converter.convert("在面板上吃麦旋风"), "在面板上吃麥旋風（雪糕）");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ConverterBuilder {
    route: Start,
    terms: Terms,
    domains: Vec<Domain>,
    glyphs: Glyphs,
    words: Vec<Word>,
    concepts: Vec<(Arc<str>, ConceptTable, u32)>,
    lexicons: Vec<UserLexicon>,
    faults: Diagnostics,
}

#[derive(Debug, Clone, Copy)]
enum Start {
    Locales(Locale, Locale),
    Opencc(OpenccConfig, bool),
}

impl Converter {
    /// Choices for a converter between two locales; see [`ConverterBuilder`].
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).protect("后台").build()?;
    /// assert_eq!(converter.convert("皇后在后台"), "皇后在后台");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn builder(from: Locale, to: Locale) -> ConverterBuilder {
        ConverterBuilder::new(Start::Locales(from, to))
    }

    /// Choices for a converter that writes what OpenCC writes, but for own words.
    ///
    /// What lies between own words is converted as OpenCC converts it alone.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc_builder(OpenccConfig::S2twp).entry("内存", "RAM").build()?;
    /// assert_eq!(converter.convert("内存和鼠标"), "RAM和滑鼠");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn opencc_builder(config: OpenccConfig) -> ConverterBuilder {
        ConverterBuilder::new(Start::Opencc(config, false))
    }
}

impl ConverterBuilder {
    fn new(route: Start) -> Self {
        Self {
            route,
            terms: Terms::default(),
            domains: Vec::new(),
            glyphs: Glyphs::default(),
            words: Vec::new(),
            concepts: Vec::new(),
            lexicons: Vec::new(),
            faults: Diagnostics::default(),
        }
    }

    /// Which regional terms are mapped. OpenCC's configurations have terms of their own and don't ask.
    ///
    /// ```
    /// use fanjian::{Converter, Locale, Terms};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// assert_eq!(builder.terms(Terms::None).build()?.convert("鼠标"), "鼠標");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn terms(mut self, terms: Terms) -> Self {
        self.terms = terms;
        self
    }

    /// Maps the terms of a domain wherever they stand, besides those that [`ConverterBuilder::terms`] maps; safe terms are
    /// mapped too then.
    ///
    /// ```
    /// use fanjian::{Converter, Domain, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// assert_eq!(builder.clone().build()?.convert("请看这份文件"), "請看這份文件");
    /// assert_eq!(builder.domain(Domain::COMPUTING).build()?.convert("请看这份文件"), "請看這份檔案");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn domain(mut self, domain: Domain) -> Self {
        self.domains.push(domain);
        self
    }

    /// As [`ConverterBuilder::domain`], for several.
    ///
    /// ```
    /// use fanjian::{Converter, Domain, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// assert_eq!(builder.domains([Domain::COMPUTING, Domain::FINANCE]).build()?.convert("文件"), "檔案");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn domains(mut self, domains: impl IntoIterator<Item = Domain>) -> Self {
        self.domains.extend(domains);
        self
    }

    /// Which glyphs are written in Taiwan and Hong Kong; see [`Glyphs`].
    ///
    /// ```
    /// use fanjian::{Converter, Glyphs, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// assert_eq!(builder.glyphs(Glyphs::Official).build()?.convert("台湾"), "臺灣");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn glyphs(mut self, glyphs: Glyphs) -> Self {
        self.glyphs = glyphs;
        self
    }

    /// On an OpenCC configuration: uses the tables whose results common fonts may lack, too. Routes between locales don't
    /// have such tables.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// assert_eq!(Converter::opencc_builder(OpenccConfig::T2s).tofu(true).build()?.convert("㑮"), "𫝈");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn tofu(mut self, tofu: bool) -> Self {
        if let Start::Opencc(_, with) = &mut self.route {
            *with = tofu;
        }
        self
    }

    /// Replaces `source` by `target`, wherever it stands. An empty target takes the source out.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// // The target is final: 后 is not converted again.
    /// assert_eq!(builder.entry("今后", "爾后").build()?.convert("今后台湾"), "爾后台灣");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn entry(mut self, source: impl Into<String>, target: impl Into<String>) -> Self {
        self.words.push(Word::new(source.into(), target.into()));
        self
    }

    /// As [`ConverterBuilder::entry`], for several.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// let converter = builder.entries([("甲公司", "A 公司"), ("乙公司", "B 公司")]).build()?;
    /// assert_eq!(converter.convert("甲公司与乙公司"), "A 公司與B 公司");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn entries<S: Into<String>, T: Into<String>>(mut self, entries: impl IntoIterator<Item = (S, T)>) -> Self {
        self.words.extend(entries.into_iter().map(|(source, target)| Word::new(source.into(), target.into())));
        self
    }

    /// Leaves a word as it is, wherever it stands.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// assert_eq!(builder.protect("云南白药").build()?.convert("云南的云南白药"), "雲南的云南白药");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn protect(self, word: impl Into<String>) -> Self {
        let word = word.into();
        self.entry(word.clone(), word)
    }

    /// Adds the entries of a table in OpenCC's text format; `name` is what messages and edits call it. See
    /// [`UserLexicon::from_table`] for the format.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// let converter = builder.clone().table("mine.txt", "麦旋风\t冰炫風\n".as_bytes()).build()?;
    /// assert_eq!(converter.convert("吃麦旋风"), "吃冰炫風");
    ///
    /// // Faults are reported by `build`, all at once.
    /// let error = builder.table("mine.txt", b"\tx\ny\n").build().unwrap_err();
    /// assert_eq!(error.diagnostics().unwrap().iter().count(), 2);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn table(mut self, name: &str, bytes: &[u8]) -> Self {
        match table_words(name, bytes) {
            Ok(words) => self.words.extend(words),
            Err(faults) => self.faults.append(faults),
        }
        self
    }

    /// Adds a table of concepts: lines of what the Mainland, Taiwan and Hong Kong call a thing, and how sure one may be
    /// that it is meant.
    ///
    /// Source and target are the columns of the route's locales; a route from or to a locale without a region maps none.
    /// The tiers count as they do for the built-in terms: `safe` words are written unless [`Terms::None`] is chosen,
    /// `domain` words where the caller or the text names the domain of the table's header, `broad` words with
    /// [`Terms::Broad`], `no` words never. Else they are own words like all others. Contexts see the line, or in a long
    /// line the sentence; a word that waits for its domain is an edge to its neighbours even if it is not written.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let table = "\
    /// ## title: Our products\n# domain: computing\n# source: us\n# licence: none\n\
    /// 云盘\t雲端硬碟\t雲端硬碟\tsafe\n\
    /// 卡片\t圖卡\t卡片\tdomain\n";
    /// let converter = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).concepts("ours.tsv", table.as_bytes()).build()?;
    /// assert_eq!(converter.convert("云盘"), "雲端硬碟");
    /// assert_eq!(converter.convert("他寄来一张卡片。"), "他寄來一張卡片。");
    /// assert_eq!(converter.convert("云盘的服务器和数据库显示卡片。"), "雲端硬碟的伺服器和資料庫顯示圖卡。");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn concepts(mut self, name: &str, bytes: &[u8]) -> Self {
        match ConceptTable::parse(name, bytes) {
            Ok(table) => {
                let domain = table.field("domain").unwrap_or_default();
                match DOMAINS.iter().position(|known| *known == domain) {
                    Some(number) => self.concepts.push((name.into(), table, number as u32)),
                    None => self.faults.push(
                        Diagnostic::new(name, 1, 1, "", &format!("`{domain}` is not a domain"))
                            .help(format!("expected one of {}", DOMAINS.join(", "))),
                    ),
                }
            }
            Err(faults) => self.faults.append(faults),
        }
        self
    }

    /// Adds a compiled lexicon, whose data is shared. Of several that have a word the one added last counts.
    ///
    /// ```
    /// use fanjian::{Converter, Locale, UserLexicon};
    ///
    /// let words = UserLexicon::from_entries([("麦旋风", "冰炫風")])?;
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// assert_eq!(builder.lexicon(&words).build()?.convert("麦旋风"), "冰炫風");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn lexicon(mut self, lexicon: &UserLexicon) -> Self {
        self.lexicons.push(lexicon.clone());
        self
    }

    /// Compiles the entries, protected words, tables and concepts (not the lexicons), to be kept and
    /// given to [`ConverterBuilder::lexicon`].
    ///
    /// Concepts are compiled for the route's locales, and used under the terms of the converter that is given them.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// let words = builder.clone().entry("麦旋风", "冰炫風").protect("面板").compile()?;
    /// assert_eq!(words.len(), 2);
    /// assert_eq!(builder.lexicon(&words).build()?.convert("麦旋风面板"), "冰炫風面板");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ConverterBuilder::build`].
    pub fn compile(&self) -> Result<UserLexicon, Error> {
        match self.route {
            Start::Locales(..) => Error::unless_native()?,
            Start::Opencc(..) => Error::unless_opencc()?,
        }
        self.faults.clone().into_result(())?;
        let mut words = self.words.clone();
        let mut route = 0;
        if !self.concepts.is_empty() {
            let Start::Locales(from, to) = self.route else {
                return Err(Error::builder("a table of concepts needs a route between locales"));
            };
            route = self.concept_words(from, to, &mut words);
        }
        UserLexicon::compile(words, route)
    }

    /// Builds the converter.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// assert!(Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).build().is_ok());
    /// let error = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).protect("").build().unwrap_err();
    /// assert_eq!(error.to_string(), "the entry ``: the source is empty");
    /// ```
    ///
    /// # Errors
    ///
    /// Faults of tables, each with file, line and column; an entry whose source is empty or longer than 1,024 bytes; a table of
    /// concepts on an OpenCC configuration; a lexicon whose concepts are for other locales; a route that the build leaves out.
    pub fn build(&self) -> Result<Converter, Error> {
        let mut layers = Vec::with_capacity(1 + self.lexicons.len());
        layers.push(self.compile()?);
        layers.extend(self.lexicons.iter().rev().cloned());
        let engine = match self.route {
            Start::Locales(from, to) => Engine::Native { from, to, native: self.native(from, to) },
            Start::Opencc(config, tofu) => Engine::Exact { config, tofu },
        };
        let words = Words::over(&engine, layers)?.map(Arc::new);
        Ok(Converter { engine, words })
    }

    /// Builds a converter that looks at each text to tell where it was written; the builder's first locale is what it assumes
    /// of a text that does not tell. See [`AutoConverter`].
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).entry("麦旋风", "冰炫風");
    /// let converter = builder.build_auto()?;
    /// assert_eq!(converter.convert("这台打印机"), "這台印表機");
    /// assert_eq!(converter.convert("的士司機説"), "計程車司機說");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ConverterBuilder::build`]; an OpenCC configuration, whose source is given by its name.
    #[cfg(feature = "native")]
    pub fn build_auto(&self) -> Result<AutoConverter, Error> {
        let Start::Locales(from, to) = self.route else {
            return Err(Error::builder("a configuration of OpenCC says itself what it reads"));
        };
        AutoConverter::with(from, to, |from| Self { route: Start::Locales(from, to), ..self.clone() }.build())
    }

    fn native(&self, from: Locale, to: Locale) -> crate::native::Native {
        let terms = match &self.terms {
            Terms::None if !self.domains.is_empty() => &Terms::Safe,
            terms => terms,
        };
        let mut native = data::native(from, to, terms);
        if native.policy.safe {
            native.policy.domains |= self.domains.iter().fold(0, |bits, domain| bits | 1 << domain.number());
        }
        if self.glyphs == Glyphs::Official {
            native.glyphs = official(to);
        }
        native
    }

    /// The words of the concepts for a route; returns its code.
    fn concept_words(&self, from: Locale, to: Locale, words: &mut Vec<Word>) -> u32 {
        let (Some(source), Some(target)) = (column(from), column(to)) else { return 0 };
        if source == target {
            return 0;
        }
        let script = Converter { engine: script(to), words: None };
        for (name, table, domain) in &self.concepts {
            for concept in &table.concepts {
                let side = concept.side(source);
                let tier = match side.uses.tier {
                    Tier::Safe => 0,
                    Tier::Domain => 1,
                    Tier::Broad => 2,
                    Tier::No => continue,
                };
                let condition = &side.uses.condition;
                let lists = [&condition.next, &condition.prev, &condition.not_next, &condition.not_prev];
                for word in &side.words {
                    // `-`: the Mainland's word in this script.
                    let mainland = concept.side(LocaleColumn::Cn).words.first().filter(|_| source != LocaleColumn::Cn);
                    let value = concept.written(word, target);
                    let value = value.unwrap_or_else(|| script.convert(mainland.unwrap_or(word)).into_owned());
                    words.push(Word {
                        key: word.clone(),
                        value,
                        meta: tier | domain << 2,
                        context: lists.map(|list| list.join("|")),
                        place: Some((Arc::clone(name), u32::try_from(concept.line).unwrap_or(u32::MAX))),
                    });
                }
            }
        }
        debug_assert!(words.iter().all(|word| word.meta == ALWAYS || word.meta >> 8 == 0));
        route_code(from, to)
    }
}

/// The conversion of the Mainland's words to the script of a locale.
fn script(to: Locale) -> Engine {
    let from = Locale::ZH_HANS_CN;
    Engine::Native { from, to, native: data::native(from, to, &Terms::None) }
}

/// The column of a locale in a table of concepts.
fn column(locale: Locale) -> Option<LocaleColumn> {
    match locale.variety {
        Variety::Cn => Some(LocaleColumn::Cn),
        Variety::Tw => Some(LocaleColumn::Tw),
        Variety::Hk => Some(LocaleColumn::Hk),
        Variety::Hans | Variety::Hant => None,
    }
}

/// The columns of a route as a lexicon's header has them.
pub(super) fn route_code(from: Locale, to: Locale) -> u32 {
    let code = |locale| column(locale).map_or(0, |column| column as u32 + 1);
    code(from) | code(to) << 8
}
