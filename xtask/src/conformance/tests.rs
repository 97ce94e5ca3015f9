//! What counts as shown, excused, or neither.

use super::*;

fn matrix(listed: &[&str], excused: &[(&str, &str)], source: &str) -> Matrix {
    let mut matrix = Matrix::default();
    let five = &mut matrix.0[0][1];
    five.listed = listed.iter().filter_map(|id| Id::new(id)).collect();
    five.excused = excused
        .iter()
        .filter_map(|(id, why)| Some((Id::new(id)?, (*why).to_owned())))
        .collect();
    matrix.take(0, "tests/a.rs", source);
    matrix
}

const SHOWN: &str =
    "/// What holds.\n/// MQTT 5 [MQTT-2.1.3-1], [MQTT-3.1.2-4]\n#[test]\nfn it_holds() {\n}";

#[test]
fn a_statement_that_a_test_names_is_shown() {
    let matrix = matrix(&["MQTT-2.1.3-1", "MQTT-3.1.2-4"], &[], SHOWN);
    assert_eq!(matrix.verdict(), Ok(()));
    assert!(matrix.document().contains("`tests/a.rs`: it holds"));
}

#[test]
fn a_statement_of_another_version_shows_nothing_for_this_one() {
    let source = SHOWN.replace("MQTT 5 ", "MQTT 3.1.1 ");
    let verdict = matrix(&["MQTT-2.1.3-1"], &[], &source).verdict();
    assert!(verdict.is_err_and(|why| why.contains("MQTT-2.1.3-1")));
}

/// A test of the client shows nothing of the broker, and the other way round.
#[test]
fn each_end_has_its_own_statements() {
    let mut matrix = matrix(&["MQTT-2.1.3-1"], &[], "");
    matrix.take(1, "broker/a.rs", SHOWN);
    let verdict = matrix.verdict();
    assert!(verdict.is_err_and(|why| why.contains("client, MQTT 5 [MQTT-2.1.3-1]")));
    matrix.take(0, "tests/a.rs", SHOWN);
    matrix.0[1][1].listed = ["MQTT-3.1.2-4", "MQTT-4.6.0-6"]
        .into_iter()
        .filter_map(Id::new)
        .collect();
    let verdict = matrix.verdict();
    assert!(verdict.is_err_and(
        |why| why.contains("broker, MQTT 5 [MQTT-4.6.0-6]") && !why.contains("MQTT-3.1.2-4")
    ));
    let document = matrix.document();
    let (client, broker) = document.split_once("\n## The broker").expect("two halves");
    assert!(client.contains("`tests/a.rs`") && !client.contains("`broker/a.rs`"));
    assert!(broker.contains("`broker/a.rs`") && !broker.contains("`tests/a.rs`"));
}

#[test]
fn what_is_not_a_test_shows_nothing() {
    let source = SHOWN.replace("#[test]\n", "");
    assert!(matrix(&["MQTT-2.1.3-1"], &[], &source).verdict().is_err());
    let source = SHOWN.replace("#[test]\n", "const A: u8 = 1;\n#[test]\n");
    assert!(matrix(&["MQTT-2.1.3-1"], &[], &source).verdict().is_err());
}

#[test]
fn a_test_with_a_runtime_counts_as_a_test() {
    let source =
        "/// MQTT 5 [MQTT-6.0.0-1]\n#[tokio::test(start_paused = true)]\nasync fn frames() {";
    let matrix = matrix(&["MQTT-6.0.0-1"], &[], source);
    assert_eq!(matrix.verdict(), Ok(()));
}

#[test]
fn a_scenario_in_the_browser_counts_as_a_test() {
    let source = "// MQTT 5 [MQTT-6.0.0-1]\nstage.scenario('text frames close', async () => {";
    let matrix = matrix(&["MQTT-6.0.0-1"], &[], source);
    assert_eq!(matrix.verdict(), Ok(()));
    assert!(matrix.document().contains("text frames close"));
}

#[test]
fn an_excuse_counts_once_and_not_beside_a_test() {
    let excuse = [("MQTT-3.1.2-8", "the server's")];
    assert_eq!(matrix(&["MQTT-3.1.2-8"], &excuse, "").verdict(), Ok(()));
    let both = [("MQTT-2.1.3-1", "no")];
    assert!(matrix(&["MQTT-2.1.3-1"], &both, SHOWN).verdict().is_err());
    assert!(matrix(&[], &excuse, "").verdict().is_err());
}
