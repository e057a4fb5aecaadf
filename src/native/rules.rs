//! Characters that their neighbours decide when no key does.

/// What a character becomes by its neighbours, or nothing when its default stands.
pub(super) fn apply(text: &str, at: usize, c: char) -> Option<char> {
    let before = text.get(..at)?.chars().next_back();
    match c {
        '只' => {
            // A numeral before it makes it a measure word: 三只, 几只, but 一只 is a key of its own.
            let numeral = before.is_some_and(|b| "一二三四五六七八九十百千两兩几幾数數每0123456789０１２３４５６７８９".contains(b));
            numeral.then_some('隻')
        }
        _ => None,
    }
}
