//! Which characters a name may have (docs/contract.md#names): those that a reader sees, and joiners where a script or an
//! emoji needs them.
//!
//! An invisible character makes two names look alike, and one that sets the direction of text reorders what stands
//! beside the name.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, Emoji, ExtendedPictographic, Script, VariationSelector},
};
use unicode_normalization::UnicodeNormalization as _;

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// Begins the flags of regions, which are spelled with invisible characters.
const BLACK_FLAG: char = '\u{1f3f4}';

/// Scripts whose letters joiners keep apart or together.
const JOINING_SCRIPTS: [Script; 19] = [
    Script::Arabic,
    Script::Bengali,
    Script::Devanagari,
    Script::Gujarati,
    Script::Gurmukhi,
    Script::Kannada,
    Script::Khmer,
    Script::Malayalam,
    Script::Mandaic,
    Script::Mongolian,
    Script::Myanmar,
    Script::Nko,
    Script::Oriya,
    Script::PhagsPa,
    Script::Sinhala,
    Script::Syriac,
    Script::Tamil,
    Script::Telugu,
    Script::Tibetan,
];

/// Scripts whose letters have variants that a selector chooses.
const VARYING_SCRIPTS: [Script; 3] = [Script::Han, Script::Mongolian, Script::PhagsPa];

/// Returns the first character of a name that a name may not have.
#[must_use]
pub fn unfit_character(name: &str) -> Option<char> {
    if name.is_ascii() {
        return name.chars().find(char::is_ascii_control);
    }
    let characters: Vec<char> = name.chars().collect();
    let unfit = (0..characters.len()).find(|place| !fits(&characters, *place));
    unfit.map(|place| characters[place])
}

/// The name for comparisons: names that a reader cannot tell apart by their encoding are equal.
#[must_use]
pub fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// The name for comparisons that ignore case.
#[must_use]
pub fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfc()
        .collect::<String>()
        .to_lowercase()
        .nfc()
        .collect()
}

/// The text in one line that may be a name: with a space for each character that a name may not have.
#[must_use]
pub fn in_one_line(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let shown = |place: usize| {
        let character = characters[place];
        if fits(&characters, place) {
            character
        } else {
            ' '
        }
    };
    (0..characters.len()).map(shown).collect()
}

/// The text with an escape, like `\u{202e}`, for each character that a name may not have: a terminal interprets some of them.
#[must_use]
pub fn escaped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    for (place, character) in characters.iter().enumerate() {
        if fits(&characters, place) {
            shown.push(*character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

fn fits(characters: &[char], place: usize) -> bool {
    let character = characters[place];
    match character {
        JOINER | NON_JOINER => joins(characters, place),
        // Line and paragraph separators, and the marks of annotations.
        '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' => false,
        '\u{e0020}'..='\u{e007f}' => is_in_flag(characters, place),
        _ if character.is_control() => false,
        _ if CodePointSetData::new::<VariationSelector>().contains(character) => {
            place > 0 && varies(characters[place - 1])
        }
        _ => !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character),
    }
}

/// Whether a joiner is between two letters that it changes, or between two pictures that are one emoji.
fn joins(characters: &[char], place: usize) -> bool {
    let before = characters[..place].iter().rev();
    let before = before.copied().find(|before| !is_mark_of_emoji(*before));
    let (Some(before), Some(after)) = (before, characters.get(place + 1)) else {
        return false;
    };
    let is_picture =
        |character| CodePointSetData::new::<ExtendedPictographic>().contains(character);
    let is_emoji = characters[place] == JOINER && is_picture(before) && is_picture(*after);
    is_emoji || (is_joining(characters[place - 1]) && is_joining(*after))
}

/// A variation selector or a colour of skin, which follow a picture.
fn is_mark_of_emoji(character: char) -> bool {
    matches!(
        character,
        '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'
    )
}

fn is_joining(character: char) -> bool {
    JOINING_SCRIPTS.contains(&script_of(character))
}

/// Whether a variation selector after this character changes how it looks.
fn varies(character: char) -> bool {
    CodePointSetData::new::<Emoji>().contains(character)
        || CodePointSetData::new::<ExtendedPictographic>().contains(character)
        || VARYING_SCRIPTS.contains(&script_of(character))
}

fn script_of(character: char) -> Script {
    CodePointMapData::<Script>::new().get(character)
}

/// Whether an invisible letter spells the region of a flag.
fn is_in_flag(characters: &[char], place: usize) -> bool {
    let is_letter = |character: &char| matches!(character, '\u{e0020}'..='\u{e007e}');
    let mut before = characters[..place]
        .iter()
        .rev()
        .skip_while(|it| is_letter(it));
    let end = characters[place..].iter().find(|it| !is_letter(it));
    before.next() == Some(&BLACK_FLAG) && end == Some(&'\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_script_and_emoji_fit() {
        for name in [
            "Checkout – Überblick (50%)",
            "داشبورد می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "ශ\u{dca}\u{200d}රී",
            "監視\u{e0100}",
            "👩\u{200d}💻 on call",
            "👩🏽\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "e\u{301}",
        ] {
            assert_eq!(unfit_character(name), None, "{name:?}");
            assert_eq!(
                (in_one_line(name), escaped(name)),
                (name.to_owned(), name.to_owned())
            );
        }
    }

    #[test]
    fn invisible_characters_and_directions_do_not_fit() {
        for unfit in [
            '\0',
            '\n',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fffa}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            for name in [
                format!("a{unfit}b"),
                format!("ä{unfit}"),
                format!("{unfit}ü"),
            ] {
                assert_eq!(unfit_character(&name), Some(unfit), "{name:?}");
            }
        }
        assert_eq!(
            unfit_character("می\u{200c}"),
            Some('\u{200c}'),
            "at the end"
        );
        assert_eq!(unfit_character("💻\u{200c}💻"), Some('\u{200c}'));
    }

    #[test]
    fn a_text_is_shown_without_what_a_terminal_obeys() {
        assert_eq!(escaped("a\u{1b}[2Jb\u{202e}"), "a\\u{1b}[2Jb\\u{202e}");
        assert_eq!(in_one_line("first\nsecond"), "first second");
    }

    #[test]
    fn names_are_compared_composed() {
        assert_eq!(composed("e\u{301}"), "é");
        assert_eq!(folded("E\u{301}T"), folded("ÉT"));
        assert_eq!(folded("Plain"), "plain");
    }
}
