//! Converts files, or standard input, between the written varieties of Chinese.
//!
//! ```text
//! cargo run --release --example convert -- -c s2twp FILE
//! cargo install --path . --example convert
//! convert --from zh-CN --to zh-TW --in-place docs/*.md
//! convert --from auto --to zh-CN letters/*.txt
//! ```
//!
//! Output goes to a temporary file beside the target, which takes the target's place when all is written. A large file is
//! converted on all cores; what comes out is the same on one. `convert --help` tells the rest.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use fanjian::{AutoConverter, Converter, Error, InvalidUtf8, Locale, OpenccConfig, Protection, Terms, UserLexicon};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// How much is read at once.
const BLOCK: usize = 1 << 16;
/// How much of a text is looked at to tell its locale: enough for its region to show.
const SAMPLE: u64 = 1 << 16;
/// Files from here on are converted on several cores.
const LARGE: u64 = 4 << 20;
/// A text without a place to cut in this many bytes is converted on one core.
const UNCUT: usize = 8 << 20;

/// Convert between Simplified and Traditional Chinese, and between the vocabularies of regions.
#[derive(Debug, Parser)]
#[command(
    name = "convert",
    version,
    after_help = "Exit codes: 0 all is converted; 1 a file could not be read, converted or written (the others \
                  are done, and its old content is kept); 2 the arguments or the configuration are wrong.\n\n\
                  From a pipe, each line is written as soon as it is complete; with `--from auto`, nothing before 64 KiB \
                  are read. See `docs/accuracy.md` on how sure the locale is."
)]
struct Args {
    /// An OpenCC configuration: a name such as s2twp, or the path of a JSON file.
    #[arg(short, long, value_name = "CONFIG", required_unless_present = "from", conflicts_with_all = ["from", "to", "terms"])]
    config: Option<String>,

    /// The locale of the input, such as zh-CN; or `auto`: the beginning of each file tells.
    #[arg(long, value_name = "TAG", requires = "to")]
    from: Option<From>,

    /// The locale of the output, such as zh-TW or zh-HK.
    #[arg(long, value_name = "TAG", requires = "from")]
    to: Option<Locale>,

    /// Regional terms: none, safe, auto, broad, or domains such as computing,finance.
    #[arg(long, default_value = "auto")]
    terms: Terms,

    /// With -c: use the characters that common fonts lack, too.
    #[arg(long, requires = "config")]
    tofu: bool,

    /// A table of own words in OpenCC's text format: they are final, and win over all others. May be given several times.
    #[arg(long, value_name = "FILE")]
    entries: Vec<PathBuf>,

    /// A word that is left as it is. May be given several times.
    #[arg(long, value_name = "WORD")]
    keep: Vec<String>,

    /// The file to read; `-` is standard input.
    #[arg(short, long, value_name = "FILE", conflicts_with = "files")]
    input: Option<PathBuf>,

    /// The file to write instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write each file in its own place.
    #[arg(long, conflicts_with_all = ["output", "output_dir"])]
    in_place: bool,

    /// Write each file under its name in this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    output_dir: Option<PathBuf>,

    /// Stop at bytes that are not UTF-8 instead of passing them through.
    #[arg(long)]
    strict: bool,

    /// Keep regions of these kinds as they are: html, markdown, urls, paths, placeholders, latex, wiki, separated by commas.
    /// Each file is then read whole.
    #[arg(long, value_name = "KINDS")]
    protect: Option<Protection>,

    /// How many threads to use; 0 for one per core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,

    /// The files to read; standard input when there are none.
    files: Vec<PathBuf>,
}

/// Where the locale of the input is known from.
#[derive(Debug, Clone, Copy)]
enum From {
    Text,
    Argument(Locale),
}

impl FromStr for From {
    type Err = Error;

    fn from_str(tag: &str) -> Result<Self, Error> {
        if tag == "auto" { Ok(Self::Text) } else { tag.parse().map(Self::Argument) }
    }
}

/// What is read and where the result goes; nothing stands for the standard streams.
#[derive(Debug)]
struct Job {
    input: Option<PathBuf>,
    output: Option<PathBuf>,
}

/// Why a file failed.
#[derive(Debug)]
enum Failure {
    Io(&'static str, PathBuf, io::Error),
    /// The offset of the first byte that is not UTF-8.
    Invalid(u64),
    /// Nobody reads standard output any more.
    Closed,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(what, path, error) => write!(f, "cannot {what} {}: {error}", path.display()),
            Self::Invalid(offset) => write!(f, "not UTF-8 at byte {offset}; without --strict such bytes pass through"),
            Self::Closed => f.write_str("standard output is closed"),
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let (converter, auto) = match converter(&args) {
        Ok(converters) => converters,
        Err(message) => usage(&message),
    };
    let jobs = match jobs(&args) {
        Ok(jobs) => jobs,
        Err(message) => usage(&message),
    };
    let threads = match args.threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let invalid = if args.strict { InvalidUtf8::Error } else { InvalidUtf8::PassThrough };
    let mut run = Run { converter, auto, invalid, protection: args.protect, threads, pool: None };
    if run.all(&jobs) { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Reports wrong arguments and ends with code 2.
fn usage(message: &str) -> ! {
    Args::command().error(ErrorKind::ValueValidation, message).exit()
}

/// The converter; where each text is to tell its own, that for a text which does not, and the choice.
fn converter(args: &Args) -> Result<(Converter, Option<AutoConverter>), String> {
    let own = own_words(args)?;
    let say = |error: Error| error.to_string();
    if let (Some(From::Text), Some(to)) = (args.from, args.to) {
        let from = if to.is_simplified() { Locale::ZH_HANT } else { Locale::ZH_HANS_CN };
        let builder = Converter::builder(from, to).terms(args.terms.clone());
        let builder = own.iter().fold(builder, |builder, words| builder.lexicon(words));
        return Ok((builder.build().map_err(say)?, Some(builder.build_auto().map_err(say)?)));
    }
    let converter = match (&args.config, args.from, args.to) {
        (Some(name), ..) => match name.parse::<OpenccConfig>() {
            Ok(config) if args.tofu => Converter::opencc_with_tofu(config),
            Ok(config) => Converter::opencc(config),
            Err(error) if !Path::new(name).exists() => Err(error),
            Err(_) if args.tofu => return Err("--tofu goes with the built-in configurations only".to_owned()),
            Err(_) => Converter::from_opencc_json(name),
        },
        (None, Some(From::Argument(from)), Some(to)) => Converter::with_terms(from, to, &args.terms),
        _ => return Err("give -c CONFIG, or --from and --to".to_owned()),
    };
    let converter = own.iter().try_fold(converter.map_err(say)?, |converter, words| converter.with_lexicon(words));
    Ok((converter.map_err(say)?, None))
}

/// The words of `--entries` and `--keep`, the latter last: they win.
fn own_words(args: &Args) -> Result<Vec<UserLexicon>, String> {
    let mut out = Vec::new();
    for path in &args.entries {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| format!("cannot read {name}: {error}"))?;
        out.push(UserLexicon::from_table(&name, &bytes).map_err(|error| error.to_string())?);
    }
    let kept = UserLexicon::from_entries(args.keep.iter().map(|word| (word, word)));
    out.push(kept.map_err(|error| error.to_string())?);
    Ok(out)
}

fn jobs(args: &Args) -> Result<Vec<Job>, String> {
    let named = |path: &PathBuf| (path.as_os_str() != "-").then(|| path.clone());
    let mut inputs: Vec<Option<PathBuf>> = args.files.iter().chain(&args.input).map(named).collect();
    if inputs.is_empty() {
        inputs.push(None);
    }
    if args.output.is_some() && inputs.len() > 1 {
        return Err("-o takes one input file; use --output-dir for several".to_owned());
    }
    if (args.in_place || args.output_dir.is_some()) && inputs.contains(&None) {
        return Err("standard input has no name to be written under".to_owned());
    }
    let mut names = BTreeSet::new();
    let mut jobs = Vec::new();
    for input in inputs {
        let output = match (&input, &args.output_dir) {
            (Some(input), Some(folder)) => {
                let name = input.file_name().ok_or_else(|| format!("{} is not a file", input.display()))?;
                Some(folder.join(name))
            }
            (Some(input), None) if args.in_place => Some(input.clone()),
            _ => args.output.as_ref().and_then(named),
        };
        if let Some(output) = &output
            && !names.insert(output.clone())
        {
            return Err(format!("two files would be written to {}", output.display()));
        }
        jobs.push(Job { input, output });
    }
    Ok(jobs)
}

/// What all files have in common.
#[derive(Clone)]
struct Run {
    converter: Converter,
    /// Chooses another converter for each text.
    auto: Option<AutoConverter>,
    invalid: InvalidUtf8,
    protection: Option<Protection>,
    threads: usize,
    pool: Option<Arc<ThreadPool>>,
}

impl Run {
    /// Does all jobs and says whether they all went well.
    fn all(&mut self, jobs: &[Job]) -> bool {
        let is_large = |job: &Job| {
            let size = job.input.as_ref().and_then(|path| fs::metadata(path).ok()).map_or(0, |data| data.len());
            size >= LARGE
        };
        let large = jobs.iter().any(is_large);
        if self.threads > 1 && (large || jobs.len() > 1) {
            // Without a pool all is done on this thread.
            self.pool = ThreadPoolBuilder::new().num_threads(self.threads).build().ok().map(Arc::new);
        }
        let one = |job: &Job, pool: Option<&ThreadPool>| report(job, self.job(job, pool));
        let Some(pool) = &self.pool else {
            return jobs.iter().filter(|job| !one(job, None)).count() == 0;
        };
        // Files that have an output of their own: the small ones side by side, the large ones on all cores.
        // What goes to standard output keeps its order.
        let (own, shared): (Vec<&Job>, Vec<&Job>) = jobs.iter().partition(|job| job.output.is_some());
        let (large, small): (Vec<&Job>, Vec<&Job>) = own.into_iter().partition(|job| is_large(job));
        let mut good = pool.install(|| small.par_iter().map(|job| one(job, None)).reduce(|| true, |a, b| a && b));
        for job in large.into_iter().chain(shared) {
            good &= one(job, is_large(job).then_some(pool));
        }
        good
    }

    /// Does one job and says how many invalid sequences passed through.
    fn job(&self, job: &Job, pool: Option<&ThreadPool>) -> Result<u64, Failure> {
        let mut input: Box<dyn Read + Send> = match &job.input {
            None => Box::new(io::stdin()),
            Some(path) => {
                let failed = |error| Failure::Io("read", path.clone(), error);
                if fs::metadata(path).map_err(failed)?.is_dir() {
                    return Err(failed(io::ErrorKind::IsADirectory.into()));
                }
                Box::new(File::open(path).map_err(failed)?)
            }
        };
        let Some(path) = &job.output else {
            return self.convert(job, &mut input, &mut io::stdout(), pool);
        };
        let failed = |error| Failure::Io("write", path.clone(), error);
        // A link is followed, so that it stays one.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let old = fs::metadata(&path).ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            // A device or a pipe cannot be replaced.
            let mut file = File::options().write(true).open(&path).map_err(failed)?;
            return self.convert(job, &mut input, &mut file, pool);
        }
        let folder = path.parent().filter(|folder| *folder != OsStr::new("")).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(failed)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".convert-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(folder).map_err(failed)?;
        let count = self.convert(job, &mut input, file.as_file_mut(), pool)?;
        // Not every system replaces a file that is open.
        drop(input);
        if let Some(old) = old {
            file.as_file().set_permissions(old.permissions()).map_err(failed)?;
        }
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(count)
    }

    fn convert(
        &self,
        job: &Job,
        input: &mut (dyn Read + Send),
        output: &mut (dyn Write + Send),
        pool: Option<&ThreadPool>,
    ) -> Result<u64, Failure> {
        let name = |path: &Option<PathBuf>, or: &str| path.clone().unwrap_or_else(|| PathBuf::from(or));
        let mut sample = Vec::new();
        if self.auto.is_some() {
            let read = input.take(SAMPLE).read_to_end(&mut sample);
            read.map_err(|error| Failure::Io("read", name(&job.input, "standard input"), error))?;
        }
        let this = self.for_text(&sample);
        let input: &mut (dyn Read + Send) = &mut sample.as_slice().chain(input);
        let done = match pool {
            _ if self.protection.is_some() => this.whole(input, output),
            Some(pool) => this.on_all_cores(pool, input, output),
            None => this.on_one_core(0, input, output),
        };
        done.map_err(|error| match error {
            Stop::Read(error) => Failure::Io("read", name(&job.input, "standard input"), error),
            Stop::Write(error) if job.output.is_none() && error.kind() == io::ErrorKind::BrokenPipe => Failure::Closed,
            Stop::Write(error) => Failure::Io("write", name(&job.output, "standard output"), error),
            Stop::Invalid(offset) => Failure::Invalid(offset),
        })
    }

    /// This, with the converter that suits a text which begins so.
    fn for_text(&self, sample: &[u8]) -> Cow<'_, Self> {
        let Some(auto) = &self.auto else { return Cow::Borrowed(self) };
        // A character may be cut at the end.
        let converter = auto.converter_for(&String::from_utf8_lossy(sample)).clone();
        Cow::Owned(Self { converter, ..self.clone() })
    }

    /// Converts a whole text but for its protected regions.
    fn whole(&self, input: &mut dyn Read, output: &mut dyn Write) -> Result<u64, Stop> {
        let Some(protection) = &self.protection else { return Ok(0) };
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(Stop::Read)?;
        let (mut at, mut invalid) = (0, 0);
        for chunk in bytes.utf8_chunks() {
            at += chunk.valid().len() as u64;
            if self.invalid == InvalidUtf8::Error && !chunk.invalid().is_empty() {
                return Err(Stop::Invalid(at));
            }
            at += chunk.invalid().len() as u64;
            invalid += u64::from(!chunk.invalid().is_empty());
            let text = self.converter.convert_protected(chunk.valid(), protection);
            output.write_all(text.as_bytes()).and_then(|()| output.write_all(chunk.invalid())).map_err(Stop::Write)?;
        }
        output.flush().map_err(Stop::Write)?;
        Ok(invalid)
    }

    /// Converts block by block. What is certain is written at once: a pipe is answered line by line.
    fn on_one_core(&self, offset: u64, input: &mut dyn Read, output: &mut dyn Write) -> Result<u64, Stop> {
        let mut stream = self.converter.stream(output).invalid_utf8(self.invalid);
        let mut block = vec![0; BLOCK];
        loop {
            let count = match input.read(&mut block) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Stop::Read(error)),
            };
            stream
                .write_all(block.get(..count).unwrap_or_default())
                .and_then(|()| stream.flush())
                .map_err(|error| Stop::write(error, offset))?;
        }
        stream.try_finish().map_err(|error| Stop::write(error, offset))?;
        Ok(stream.invalid_sequences())
    }

    /// Converts chunks side by side.
    ///
    /// Each thread of the pool reads the next chunk and converts it; who comes first with the chunk whose turn it is writes it,
    /// and those behind it that are ready. No thread only reads or only writes: on few cores it would take time from the
    /// others. At most two chunks more than threads are on their way, so memory does not grow with the file.
    fn on_all_cores(
        &self,
        pool: &ThreadPool,
        input: &mut (dyn Read + Send),
        output: &mut (dyn Write + Send),
    ) -> Result<u64, Stop> {
        let source = Source { input, rest: Vec::new(), offset: 0, number: 0, done: Ok(false) };
        let (source, sink) = (Mutex::new(source), Sink::new(output, self.threads as u64 + 2));
        pool.broadcast(|_| {
            let _guard = Guard(&sink);
            let mut chunk = Vec::new();
            loop {
                let next = self.next_chunk(&mut lock(&source), &sink, &mut chunk);
                let Some((number, offset)) = next else { break };
                if !sink.put(number, self.chunk(&chunk, offset, sink.memory())) {
                    break;
                }
            }
        });
        let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (output, invalid) = sink.finish();
        let mut invalid = invalid?;
        source.done?;
        if !source.rest.is_empty() {
            let mut rest = source.rest.as_slice().chain(source.input);
            invalid += self.on_one_core(source.offset, &mut rest, output)?;
        }
        output.flush().map_err(Stop::Write)?;
        Ok(invalid)
    }

    fn chunk(&self, chunk: &[u8], offset: u64, mut out: Vec<u8>) -> Result<(Vec<u8>, u64), Stop> {
        out.reserve(chunk.len() + chunk.len() / 16);
        let mut stream = self.converter.stream(out).invalid_utf8(self.invalid);
        let done = stream.write_all(chunk).and_then(|()| stream.try_finish());
        done.map_err(|error| Stop::write(error, offset))?;
        let count = stream.invalid_sequences();
        Ok((stream.finish().map_err(|error| Stop::write(error, offset))?, count))
    }

    /// Reads the next chunk, and tells its number and its offset. Nothing when there is none: at the end of the input,
    /// when nothing is left over either, or before a stretch without an end of a chunk.
    fn next_chunk(&self, source: &mut Source<'_>, sink: &Sink<'_>, chunk: &mut Vec<u8>) -> Option<(u64, u64)> {
        if !matches!(source.done, Ok(false)) || !sink.wait(source.number) {
            return None;
        }
        chunk.clear();
        // A chunk ends soon behind a mebibyte.
        let mut want = (1usize << 20) + (1 << 16);
        chunk.reserve(want);
        chunk.append(&mut source.rest);
        loop {
            let missing = want.saturating_sub(chunk.len()) as u64;
            let ended = match (&mut *source.input).take(missing).read_to_end(chunk) {
                Ok(count) => count as u64 != missing,
                Err(error) => {
                    source.done = Err(Stop::Read(error));
                    return None;
                }
            };
            let end = self.chunk_end(chunk, ended);
            if end.is_none() && want <= UNCUT {
                want *= 2;
                continue;
            }
            let end = end.unwrap_or(0);
            source.rest.extend_from_slice(chunk.get(end..).unwrap_or_default());
            chunk.truncate(end);
            if end == 0 {
                source.done = Ok(true);
                return None;
            }
            let place = (source.number, source.offset);
            source.number += 1;
            source.offset += end as u64;
            return Some(place);
        }
    }

    /// The end of a chunk of bytes: a chunk of text, or bytes that are not UTF-8, which end a text.
    fn chunk_end(&self, bytes: &[u8], ended: bool) -> Option<usize> {
        // Without the last character, which may be cut.
        let last = bytes.iter().rposition(|&byte| byte & 0xC0 != 0x80);
        if let Ok(text) = simdutf8::basic::from_utf8(bytes.get(..last.unwrap_or(0)).unwrap_or_default())
            && let Some(end) = self.converter.chunk_end(text)
        {
            return Some(end);
        }
        let mut at = 0;
        let mut chunks = bytes.utf8_chunks();
        loop {
            let Some(chunk) = chunks.next() else {
                return ended.then_some(bytes.len());
            };
            if let Some(end) = self.converter.chunk_end(chunk.valid()) {
                return Some(at + end);
            }
            at += chunk.valid().len() + chunk.invalid().len();
            // At the end, bytes may be the beginning of a character.
            if at >= 1 << 20 && at + 4 <= bytes.len() && !chunk.invalid().is_empty() {
                return Some(at);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What chunks are read from.
struct Source<'i> {
    input: &'i mut (dyn Read + Send),
    /// What was read behind the last chunk.
    rest: Vec<u8>,
    /// Where and as which one the next chunk begins.
    offset: u64,
    number: u64,
    /// Whether there are no more chunks, or why there are none.
    done: Result<bool, Stop>,
}

/// Where converted chunks go, in order.
struct Sink<'o> {
    output: Mutex<&'o mut (dyn Write + Send)>,
    queue: Mutex<Queue>,
    /// Tells who waits that a chunk has been written.
    written: Condvar,
    /// How many chunks may be on their way.
    most: u64,
}

/// Chunks that wait for their turn.
struct Queue {
    waiting: BTreeMap<u64, Result<(Vec<u8>, u64), Stop>>,
    /// Which chunk comes next.
    next: u64,
    /// Somebody is writing.
    busy: bool,
    /// The sequences of invalid bytes so far, or why nothing is written any more.
    invalid: Result<u64, Stop>,
    /// Memory of chunks that have been written.
    memory: Vec<Vec<u8>>,
}

impl<'o> Sink<'o> {
    fn new(output: &'o mut (dyn Write + Send), most: u64) -> Self {
        let queue = Queue { waiting: BTreeMap::new(), next: 0, busy: false, invalid: Ok(0), memory: Vec::new() };
        Self { output: Mutex::new(output), queue: Mutex::new(queue), written: Condvar::new(), most }
    }

    /// Waits until a chunk of this number may be on its way; false if nothing will be written any more.
    fn wait(&self, number: u64) -> bool {
        let full = |queue: &mut Queue| queue.invalid.is_ok() && number >= queue.next + self.most;
        self.written.wait_while(lock(&self.queue), full).unwrap_or_else(PoisonError::into_inner).invalid.is_ok()
    }

    /// Memory for a chunk.
    fn memory(&self) -> Vec<u8> {
        lock(&self.queue).memory.pop().unwrap_or_default()
    }

    /// Takes a chunk, and writes those whose turn it is unless another thread does; false if nothing will be written any more.
    fn put(&self, number: u64, chunk: Result<(Vec<u8>, u64), Stop>) -> bool {
        let mut queue = lock(&self.queue);
        queue.waiting.insert(number, chunk);
        while !queue.busy && queue.invalid.is_ok() {
            let next = queue.next;
            let Some(chunk) = queue.waiting.remove(&next) else { break };
            queue.busy = true;
            drop(queue);
            let done = chunk.and_then(|(mut bytes, count)| {
                lock(&self.output).write_all(&bytes).map_err(Stop::Write)?;
                bytes.clear();
                Ok((bytes, count))
            });
            queue = lock(&self.queue);
            queue.busy = false;
            queue.next += 1;
            match (done, &mut queue.invalid) {
                (Ok((bytes, count)), Ok(invalid)) => {
                    *invalid += count;
                    queue.memory.push(bytes);
                }
                (Err(stop), invalid) => *invalid = Err(stop),
                _ => {}
            }
            self.written.notify_all();
        }
        queue.invalid.is_ok()
    }

    /// The output, and how many sequences of invalid bytes it has.
    fn finish(self) -> (&'o mut (dyn Write + Send), Result<u64, Stop>) {
        let queue = self.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
        (self.output.into_inner().unwrap_or_else(PoisonError::into_inner), queue.invalid)
    }
}

/// Wakes those who wait for the chunk of a thread that has panicked.
struct Guard<'s, 'o>(&'s Sink<'o>);

impl Drop for Guard<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.queue).invalid = Err(Stop::Write(io::ErrorKind::Other.into()));
            self.0.written.notify_all();
        }
    }
}

/// Why a conversion stopped.
#[derive(Debug)]
enum Stop {
    Read(io::Error),
    Write(io::Error),
    Invalid(u64),
}

impl Stop {
    /// What a stream reports that began at `offset`.
    fn write(error: io::Error, offset: u64) -> Self {
        match error.downcast::<Error>() {
            Ok(error) => Self::Invalid(offset + error.invalid_at().unwrap_or(0)),
            Err(error) => Self::Write(error),
        }
    }
}

/// Says on standard error what is worth saying, and whether the job went well.
fn report(job: &Job, done: Result<u64, Failure>) -> bool {
    let name = job.input.as_ref().map_or("standard input".into(), |path| path.display().to_string());
    match done {
        Ok(0) | Err(Failure::Closed) => true,
        Ok(count) => {
            eprintln!("convert: {name}: {count} sequences of bytes that are not UTF-8 passed through");
            true
        }
        Err(failure @ Failure::Io(..)) => {
            eprintln!("convert: {failure}");
            false
        }
        Err(failure) => {
            eprintln!("convert: {name}: {failure}");
            false
        }
    }
}
