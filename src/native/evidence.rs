//! What a text shows of its domains, and for how long.

use super::units;

/// What has been learnt of a text so far: evidence for each domain, in 1/256, fading from unit to unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    domains: [u32; 32],
    /// Whether the last unit of this line was kept, being in the target script already.
    pub(super) kept: Option<bool>,
    /// How many bytes have been converted since the evidence was empty.
    bytes: usize,
}

impl Evidence {
    /// What a safe term of a domain is worth.
    const SAFE: u32 = 256;
    /// What a term of the tier `domain` is worth.
    const LIKELY: u32 = 110;
    /// From here on a domain counts as shown.
    const ENOUGH: u32 = 400;
    /// A line of this many bytes leaves nothing of what was before it.
    const SPAN: usize = 384;

    /// A term was met: a safe one, or one of the tier `domain`.
    pub(super) fn add(&mut self, domain: u32, safe: bool) {
        let worth = if safe { Self::SAFE } else { Self::LIKELY };
        if let Some(sum) = self.domains.get_mut(domain as usize) {
            *sum = (*sum + worth).min(Self::ENOUGH * 4);
        }
    }

    /// A line of this many bytes went by: half of the evidence is gone after some sixty characters.
    fn fade(&mut self, bytes: usize) {
        let gone = bytes.min(Self::SPAN) as u32;
        for sum in &mut self.domains {
            *sum -= *sum * gone / Self::SPAN as u32;
        }
    }

    /// A unit was converted: what it has shown fades, and ends with the line or after [`units::SPAN`] bytes.
    pub(super) fn end_unit(&mut self, unit: &str) {
        self.fade(unit.len());
        if unit.ends_with('\n') {
            self.kept = None;
        }
        self.bytes += unit.len();
        if self.bytes >= units::SPAN {
            *self = Self::default();
        }
    }

    /// Whether the text has shown the domain.
    pub(super) fn shows(&self, domain: u32) -> bool {
        self.domains.get(domain as usize).is_some_and(|&sum| sum >= Self::ENOUGH)
    }
}
