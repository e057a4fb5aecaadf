//! Time of conversions, in rounds in which every engine takes its turn.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::engine::Engine;

/// What one engine needed.
pub struct Timing {
    /// Time of one conversion in each round, in nanoseconds.
    pub rounds: Vec<f64>,
}

impl Timing {
    pub fn median(&self) -> f64 {
        median(self.rounds.clone())
    }

    pub fn megabytes_per_second(&self, bytes: usize) -> f64 {
        bytes as f64 / self.median() * 1e3
    }

    fn fastest(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Whether the machine did little else: its rounds took about as long as the fastest.
    fn is_steady(&self) -> bool {
        self.median() <= self.fastest() * 1.25
    }

    /// How many times as fast as `other` for a check: as [`Self::speed_against`] on a machine that did little else; otherwise by the
    /// fastest round of each, since what a machine does besides only adds time.
    pub fn checked_against(&self, other: &Self) -> f64 {
        if self.is_steady() && other.is_steady() { self.speed_against(other) } else { other.fastest() / self.fastest() }
    }

    /// How many times as fast as `other`: the median over the rounds of the
    /// quotient within a round, in which both ran under the same conditions.
    pub fn speed_against(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(own, other)| other / own).collect())
    }
}

/// Of an empty list, not a number.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// Runs every engine once in every round, over enough repetitions to take
/// `at_least`, starting each round with another engine.
pub fn measure(engines: &[Box<dyn Engine>], text: &str, rounds: usize, at_least: Duration) -> Vec<Timing> {
    // The first conversions warm caches up, and tell how often to repeat.
    let repetitions: Vec<u32> = engines
        .iter()
        .map(|engine| {
            run(engine.as_ref(), text, 1);
            let once = run(engine.as_ref(), text, 1).max(1.0);
            (at_least.as_nanos() as f64 / once).ceil().clamp(1.0, 1e9) as u32
        })
        .collect();
    let mut timings: Vec<Timing> = engines.iter().map(|_| Timing { rounds: Vec::with_capacity(rounds) }).collect();
    for round in 0..rounds {
        for turn in 0..engines.len() {
            let index = (round + turn) % engines.len();
            let time = run(engines[index].as_ref(), text, repetitions[index]);
            timings[index].rounds.push(time);
        }
    }
    timings
}

/// Nanoseconds of one conversion, its output dropped.
fn run(engine: &dyn Engine, text: &str, repetitions: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repetitions {
        black_box(engine.convert(black_box(text)));
    }
    start.elapsed().as_nanos() as f64 / f64::from(repetitions)
}
