//! Templates: what each placeholder writes, and what is refused.

use fastrand::Rng;
use midge::payload::{Context, Template, TemplateError};

const NOW_MS: u64 = 1_795_379_100_042;

fn fill(text: &str, seed: u64) -> String {
    let mut rng = Rng::with_seed(seed);
    Template::parse(text).unwrap().fill(&mut Context {
        seq: 7,
        now_ms: NOW_MS,
        rng: &mut rng,
    })
}

fn refused(text: &str) -> TemplateError {
    Template::parse(text).unwrap_err()
}

#[test]
fn random_whole_numbers_reach_both_ends_and_nothing_else() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..4000 {
        seen.insert(fill("{{random 0..99}}", seed).parse::<i32>().unwrap());
    }
    assert_eq!(seen.len(), 100);
    assert_eq!((seen.first(), seen.last()), (Some(&0), Some(&99)));
}

#[test]
fn random_takes_negative_numbers_and_keeps_the_decimals_that_were_typed() {
    for seed in 0..500 {
        let whole: i64 = fill("{{random -20..-10}}", seed).parse().unwrap();
        assert!((-20..=-10).contains(&whole));
        let text = fill("{{random -0.5..1.25}}", seed);
        let value: f64 = text.parse().unwrap();
        assert!((-0.5..=1.25).contains(&value), "{text}");
        assert_eq!(text.split_once('.').unwrap().1.len(), 2, "{text}");
    }
    assert_eq!(fill("{{random -0.05..-0.05}}", 1), "-0.05");
    assert_eq!(fill("{{random 5..5}}", 1), "5");
    fill("{{random -9223372036854775808..9223372036854775807}}", 1);
}

#[test]
fn time_and_sequence_are_those_of_the_context() {
    assert_eq!(
        fill("{{seq}} {{unix}} {{unix_ms}}", 1),
        "7 1795379100 1795379100042"
    );
    assert_eq!(fill("{{time}}", 1), "2026-11-22T20:25:00.042Z");
    let mut rng = Rng::with_seed(1);
    let far = Template::parse("{{time}}").unwrap().fill(&mut Context {
        seq: 1,
        now_ms: u64::MAX,
        rng: &mut rng,
    });
    assert_eq!(far, "9999-12-31T23:59:59.999Z");
}

#[test]
fn uuids_are_of_version_four_and_differ() {
    let text = fill("{{uuid}} {{uuid}}", 3);
    let (first, second) = text.split_once(' ').unwrap();
    assert_ne!(first, second);
    for uuid in [first, second] {
        assert_eq!(uuid.len(), 36);
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}

#[test]
fn sine_swings_between_its_ends_once_a_period() {
    let at = |now_ms| {
        let mut rng = Rng::with_seed(1);
        Template::parse("{{sine -10..30 60}}")
            .unwrap()
            .fill(&mut Context {
                seq: 1,
                now_ms,
                rng: &mut rng,
            })
    };
    assert_eq!(at(0), "10.00");
    assert_eq!(at(15_000), "30.00");
    assert_eq!(at(45_000), "-10.00");
    assert_eq!(at(60_000 * 1_000_000 + 15_000), "30.00");
    assert_eq!(at(u64::MAX), at(u64::MAX - 1), "a clock that is broken");
}

#[test]
fn the_period_of_a_sine_is_exact_however_long_or_short() {
    let at = |period: &str, now_ms| {
        let text = format!("{{{{sine -1..1 {period}}}}}");
        Template::parse(&text).unwrap().fill(&mut Context {
            seq: 1,
            now_ms,
            rng: &mut Rng::with_seed(1),
        })
    };
    // A quarter of each.
    assert_eq!(at("1.5", 1_764_000_000_375), "1.00");
    assert_eq!(at("0.004", 1_764_000_000_001), "1.00");
    assert_eq!(at("9000000000", 2_250_000_000_000), "1.00");
    assert_eq!(at("0.000000001", 1_764_000_000_001), "0.00");
}

#[test]
fn sine_has_as_many_decimals_as_its_ends() {
    let fill = |text: &str| {
        Template::parse(text).unwrap().fill(&mut Context {
            seq: 1,
            now_ms: 15_000,
            rng: &mut Rng::with_seed(1),
        })
    };
    assert_eq!(fill("{{sine 0.5..1.125 60}}"), "1.125");
    assert_eq!(fill("{{sine 0..1.123456789 60}}"), "1.123456789");
    assert_eq!(fill("{{sine 0..999999999999 60.0}}"), "999999999999.00");
}

#[test]
fn pick_takes_each_choice_now_and_then() {
    let picked: std::collections::BTreeSet<_> = (0..200)
        .map(|seed| fill("{{pick on | off|half open}}", seed))
        .collect();
    assert_eq!(
        picked.into_iter().collect::<Vec<_>>(),
        ["half open", "off", "on"]
    );
}

#[test]
fn json_around_placeholders_needs_no_care_and_braces_can_be_written() {
    assert_eq!(fill(r#"{"a":{"n":{{seq}}}}"#, 1), r#"{"a":{"n":7}}"#);
    assert_eq!(fill("plain {text} }} 好", 1), "plain {text} }} 好");
    assert_eq!(fill("{{{{seq}} {{ seq }}", 1), "{{seq}} 7");
    assert_eq!(fill("{{{{", 1), "{{");
    assert_eq!(fill("{{{{{{{{", 1), "{{{{");
    assert_eq!(fill("", 1), "");
}

#[test]
fn what_is_no_placeholder_goes_out_as_it_is_and_is_named() {
    for (text, named) in [
        (r#"{"val_tpl":"{{ value_json.t }}"}"#, "{{ value_json.t }}"),
        (
            "{{ states('sensor.a') | float }}",
            "{{ states('sensor.a') | float }}",
        ),
        ("{{rand 1..2}}", "{{rand 1..2}}"),
        ("好 {{SEQ}} x", "{{SEQ}}"),
        ("{{seq|int}}", "{{seq|int}}"),
        ("{{random(0..9)}}", "{{random(0..9)}}"),
        ("{{sequence}}", "{{sequence}}"),
        ("{{unix_us}}", "{{unix_us}}"),
        ("{{}}", "{{}}"),
        ("{{", "{{"),
        ("a{{b", "{{b"),
        ("{{#each}}", "{{#each}}"),
        ("{{{html}}}", "{{{html}}"),
    ] {
        assert_eq!(fill(text, 1), text);
        let template = Template::parse(text).unwrap();
        assert_eq!(template.as_it_is().first, [named], "{text}");
        assert_eq!(template.as_it_is().count, 1, "{text}");
        assert_eq!(template.plain().as_deref(), Some(text));
    }
    for text in ["{{seq}}", "{{{{ value }}", "{ {a} }", "%}{%"] {
        assert_eq!(Template::parse(text).unwrap().as_it_is().count, 0, "{text}");
    }
    assert_eq!(
        Template::parse("{{{{a}}").unwrap().plain().as_deref(),
        Some("{{a}}")
    );
    assert_eq!(Template::parse("{{seq}}").unwrap().plain(), None);
}

#[test]
fn placeholders_beside_what_is_none_are_filled_in() {
    assert_eq!(fill("{{ a }}{{seq}}{{ b }}", 1), "{{ a }}7{{ b }}");
    assert_eq!(fill("{{ a {{seq}} }}", 1), "{{ a 7 }}");
    assert_eq!(fill("{{{{{ x {{seq}}", 1), "{{{ x 7");
}

#[test]
fn of_many_that_are_none_the_first_few_are_named_and_all_are_counted() {
    let text = "{{a}} {{b}} {{a}} {{c}} {{d}} {{e}}";
    let template = Template::parse(text).unwrap();
    assert_eq!(template.as_it_is().first, ["{{a}}", "{{b}}", "{{c}}"]);
    assert_eq!(template.as_it_is().count, 6);
    let long = Template::parse(&format!("{{{{{}", "x".repeat(1000))).unwrap();
    assert_eq!(long.as_it_is().first[0].len(), 60);
}

#[test]
fn a_text_of_nothing_but_braces_is_read_in_no_time() {
    for unit in ["{{ ", "{{a", "}}{{", "{{}}"] {
        let text = format!("{}}}}}", unit.repeat(300_000));
        let template = Template::parse(&text).unwrap();
        assert!(template.as_it_is().count > 70_000, "{unit}");
    }
}

#[test]
fn a_known_name_with_something_else_behind_it_is_refused_with_its_place_and_text() {
    assert_eq!(
        refused("好 {{random 9..0}} x"),
        TemplateError {
            at: 4,
            what: "{{random 9..0}}".into()
        }
    );
    assert_eq!(
        refused("{{seq}}{{ time"),
        TemplateError {
            at: 7,
            what: "{{ time".into()
        }
    );
    assert_eq!(refused("a{{{{b{{seq 3}}").at, 6);
    assert_eq!(refused("{{ value }}{{seq 3}}").at, 11);
    for text in [
        "{{seq",
        "{{seq}",
        "{{seq x}}",
        "{{ seq\n3 }}",
        "{{random}}",
        "{{random 5}}",
        "{{random 9..1}}",
        "{{random a..b}}",
        "{{random 1...5}}",
        "{{random 0.0000000001..1}}",
        "{{random 1e3..2e3}}",
        "{{random 99999999999999999999..1}}",
        "{{random -..1}}",
        "{{pick}}",
        "{{sine 0..1}}",
        "{{sine 0..1 0}}",
        "{{sine 0..1 -1}}",
        "{{sine 0..1 0.0000000001}}",
        "{{sine 0..1 9999999999}}",
        "{{sine 1..0 5}}",
        // Too long for whole numbers of the last decimal.
        "{{sine -9999999999..1.123456789 5}}",
        "{{sine nan..inf 5}}",
        "{{uuid 4}}",
    ] {
        assert_eq!(refused(text).at, 0, "{text}");
    }
    let long = format!("{{{{seq {}", "x".repeat(1000));
    assert_eq!(refused(&long).what.len(), 60);
}

#[test]
fn a_sample_knows_where_each_of_its_bytes_was_typed() {
    let text = "a{{{{b{{seq}}c{{pick yes|no}}d";
    let samples: Vec<_> = Template::parse(text).unwrap().samples().collect();
    let texts: Vec<_> = samples.iter().map(|sample| sample.text.as_str()).collect();
    assert_eq!(texts, ["a{{b1cyesd", "a{{b1cnod"]);
    let typed: Vec<_> = (0..=10).map(|at| samples[0].typed_at(at)).collect();
    assert_eq!(typed, [0, 3, 4, 5, 6, 13, 14, 14, 14, 29, 30]);
    let plain: Vec<_> = Template::parse("").unwrap().samples().collect();
    assert_eq!((plain.len(), plain[0].typed_at(0)), (1, 0));
    let many = format!("{{{{pick {}1}}}}", "1|".repeat(10_000));
    assert_eq!(Template::parse(&many).unwrap().samples().count(), 32);
}
