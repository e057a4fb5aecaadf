//! The input texts, made from the articles in `benches/corpora`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::random::Random;
use crate::route::Region;

/// Kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// One article as it is.
    Article,
    /// Sentences of all articles of the region in random order, 100 kB.
    Mix100k,
    /// The same, 5 MB.
    Mix5m,
    /// Phrases of the dictionary without their last character, so that a
    /// search for the longest match always goes on and always fails; 100 kB.
    Worst,
    /// 95 % ASCII with Chinese words here and there, 100 kB.
    Ascii,
    /// The output of converting `Mix100k`.
    Converted,
}

pub const INPUTS: [(Input, &str); 6] = [
    (Input::Article, "article"),
    (Input::Mix100k, "100k"),
    (Input::Mix5m, "5m"),
    (Input::Worst, "worst"),
    (Input::Ascii, "ascii"),
    (Input::Converted, "converted"),
];

impl Input {
    pub fn find(name: &str) -> Result<Self> {
        INPUTS.iter().find(|(_, own)| *own == name).map(|(input, _)| *input).ok_or_else(|| {
            let names: Vec<_> = INPUTS.iter().map(|(_, name)| *name).collect();
            format!("there is no input {name}; there are {}", names.join(", ")).into()
        })
    }

    pub fn name(self) -> &'static str {
        INPUTS.iter().find(|(input, _)| *input == self).map_or("", |(_, name)| name)
    }
}

/// Makes the texts, each once.
pub struct Texts {
    corpora: PathBuf,
    dictionaries: PathBuf,
    made: HashMap<(Region, Input), String>,
}

const TOPICS: [&str; 4] = ["news", "tech", "finance", "life"];

impl Texts {
    pub fn new(corpora: PathBuf, dictionaries: PathBuf) -> Self {
        Self { corpora, dictionaries, made: HashMap::new() }
    }

    /// The text of a kind in a region. For `Converted` it is the text that is
    /// still to be converted.
    pub fn get(&mut self, region: Region, input: Input) -> Result<&str> {
        let input = if input == Input::Converted { Input::Mix100k } else { input };
        if !self.made.contains_key(&(region, input)) {
            let text = match input {
                Input::Article => self.article(region, "tech")?,
                Input::Mix100k | Input::Converted => self.mix(region, 100_000)?,
                Input::Mix5m => self.mix(region, 5_000_000)?,
                Input::Worst => self.worst(region, 100_000)?,
                Input::Ascii => self.ascii(region, 100_000)?,
            };
            self.made.insert((region, input), text);
        }
        Ok(&self.made[&(region, input)])
    }

    fn article(&self, region: Region, topic: &str) -> Result<String> {
        read(&self.corpora.join(format!("{}-{topic}.txt", region.name())))
    }

    fn sentences(&self, region: Region) -> Result<Vec<String>> {
        let mut sentences = Vec::new();
        for topic in TOPICS {
            let article = self.article(region, topic)?;
            for line in article.lines() {
                let parts = line.split_inclusive(['。', '！', '？', '!', '?']);
                sentences.extend(parts.map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned));
            }
        }
        if sentences.is_empty() {
            return Err(format!("the articles of {} are empty", region.name()).into());
        }
        Ok(sentences)
    }

    /// Rarer words, one a line, up to a tab; none when there is no such file.
    fn vocabulary(&self, region: Region) -> Result<Vec<String>> {
        let path = self.corpora.join(format!("vocabulary-{}.txt", region.name()));
        if !path.exists() {
            return Ok(Vec::new());
        }
        Ok(keys(&read(&path)?).map(str::to_owned).collect())
    }

    fn mix(&self, region: Region, size: usize) -> Result<String> {
        let sentences = self.sentences(region)?;
        let words = self.vocabulary(region)?;
        let mut random = Random::new(&format!("mix {} {size}", region.name()));
        let mut text = String::with_capacity(size + 1000);
        let mut since_line = 0;
        while text.len() < size {
            if !words.is_empty() && random.below(3) == 0 {
                for index in 0..=random.below(3) {
                    if index > 0 {
                        text.push('、');
                    }
                    text.push_str(random.pick(&words));
                }
                text.push('，');
            }
            text.push_str(random.pick(&sentences));
            since_line += 1;
            if since_line == 6 {
                text.push('\n');
                since_line = 0;
            }
        }
        Ok(text)
    }

    fn worst(&self, region: Region, size: usize) -> Result<String> {
        let files: &[&str] = match region {
            Region::Cn => &["STPhrases"],
            Region::Tw => &["TSPhrases", "TWPhrasesRev", "TWVariantsRevPhrases"],
            Region::Hk => &["TSPhrases", "HKPhrasesRev", "HKVariantsRevPhrases"],
        };
        let mut prefixes = Vec::new();
        for file in files {
            let dictionary = read(&self.dictionaries.join(format!("{file}.txt")))?;
            for key in keys(&dictionary) {
                if key.chars().count() >= 3
                    && let Some((last, _)) = key.char_indices().next_back()
                {
                    prefixes.push(key[..last].to_owned());
                }
            }
        }
        if prefixes.is_empty() {
            return Err(format!("no phrases in {}", files.join(", ")).into());
        }
        let mut random = Random::new(&format!("worst {}", region.name()));
        let mut text = String::with_capacity(size + 100);
        for count in 1.. {
            text.push_str(random.pick(&prefixes));
            if count % 100 == 0 {
                text.push('\n');
            }
            if text.len() >= size {
                break;
            }
        }
        Ok(text)
    }

    fn ascii(&self, region: Region, size: usize) -> Result<String> {
        const WORDS: [&str; 24] = [
            "the",
            "of",
            "and",
            "to",
            "in",
            "for",
            "that",
            "with",
            "is",
            "return",
            "let",
            "config",
            "server",
            "message",
            "{",
            "};",
            "<p>",
            "</p>",
            "\"name\":",
            "index",
            "value",
            "2024",
            "0x7f,",
            "compiler",
        ];
        let sentences = self.sentences(region)?;
        let mut random = Random::new(&format!("ascii {}", region.name()));
        let mut text = String::with_capacity(size + 100);
        let (mut chinese, mut line) = (0, 0);
        while text.len() < size {
            // On average 5 of 100 bytes, at irregular distances.
            if chinese * 20 < text.len() && random.below(10) == 0 {
                let sentence: Vec<char> = random.pick(&sentences).chars().filter(|c| *c >= '\u{3400}').collect();
                let length = (1 + random.below(4)).min(sentence.len());
                let start = random.below(sentence.len() - length + 1);
                let word: String = sentence[start..start + length].iter().collect();
                chinese += word.len();
                text.push_str(&word);
            } else {
                text.push_str(random.pick(&WORDS));
            }
            if text.len() > line + 100 {
                line = text.len();
                text.push('\n');
            } else {
                text.push(' ');
            }
        }
        Ok(text)
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The keys of a dictionary: what stands before the tab in lines that are not
/// comments.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').next().unwrap_or_default().trim())
        .filter(|key| !key.is_empty())
}
