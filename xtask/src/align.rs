//! Edit distance, and which character of one text stands where another has it.

/// Levenshtein distance in characters.
pub fn distance(a: &[char], b: &[char]) -> usize {
    // What both begin and end with costs nothing.
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}

/// For each character of `a`, the place in `b` of the character that stands for it; position by position where both are
/// equally long, else along a cheapest edit.
pub fn align(a: &[char], b: &[char]) -> Vec<Option<usize>> {
    if a.len() == b.len() {
        return (0..a.len()).map(Some).collect();
    }
    let width = b.len() + 1;
    let mut cost = vec![0_u32; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            cost[i * width + j] = match (i, j) {
                (0, _) => j as u32,
                (_, 0) => i as u32,
                _ => {
                    let replaced = cost[(i - 1) * width + j - 1] + u32::from(a[i - 1] != b[j - 1]);
                    replaced.min(cost[(i - 1) * width + j] + 1).min(cost[i * width + j - 1] + 1)
                }
            };
        }
    }
    let mut out = vec![None; a.len()];
    let (mut i, mut j) = (a.len(), b.len());
    while i > 0 && j > 0 {
        let here = cost[i * width + j];
        if here == cost[(i - 1) * width + j - 1] + u32::from(a[i - 1] != b[j - 1]) {
            out[i - 1] = Some(j - 1);
            (i, j) = (i - 1, j - 1);
        } else if here == cost[(i - 1) * width + j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{align, distance};

    #[test]
    fn distances_and_places() {
        for (a, b, wanted) in
            [("", "", 0), ("软件", "軟體", 2), ("软件包", "软件", 1), ("甲乙丙", "甲丙丁", 2), ("", "甲", 1)]
        {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(distance(&a, &b), wanted, "{a:?} {b:?}");
            assert_eq!(distance(&b, &a), wanted, "{b:?} {a:?}");
        }
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        assert_eq!(align(&chars("甲乙丙"), &chars("甲丙")), [Some(0), None, Some(1)]);
        assert_eq!(align(&chars("甲乙"), &chars("丙丁")), [Some(0), Some(1)]);
    }
}
