//! The steps of a command: each is announced and timed, and a table at the end lists them.

use std::time::Instant;

use crate::process::Ended;
use crate::tally::Tally;

/// The steps so far.
#[derive(Default)]
pub struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: String,
    seconds: f64,
    failure: Option<String>,
    tally: Option<Tally>,
}

impl Steps {
    /// Runs one step, and prints its name before and its time after. An error is noted and returned.
    pub fn take<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<T, String>,
    ) -> Result<T, String> {
        println!("\n== {name}");
        let began = Instant::now();
        let result = work();
        self.note(name, began, result.as_ref().err().cloned(), None);
        result
    }

    /// Runs one step whose output contains counts of tests. It fails if a test failed, and also if none was run.
    pub fn take_tests(
        &mut self,
        name: &str,
        count: fn(&[String]) -> Tally,
        work: impl FnOnce() -> Result<Ended, String>,
    ) {
        println!("\n== {name}");
        let began = Instant::now();
        match work() {
            Ok(ended) => {
                let tally = count(&ended.lines);
                self.note(name, began, verdict(&ended, tally), Some(tally));
            }
            Err(reason) => self.note(name, began, Some(reason), None),
        }
    }

    fn note(&mut self, name: &str, began: Instant, failure: Option<String>, tally: Option<Tally>) {
        let seconds = began.elapsed().as_secs_f64();
        match &failure {
            None => println!("   {name}: done in {seconds:.1} s"),
            Some(reason) => println!("   {name}: FAILED after {seconds:.1} s: {reason}"),
        }
        self.done.push(Step {
            name: name.to_owned(),
            seconds,
            failure,
            tally,
        });
    }

    /// No step failed.
    pub fn all_well(&self) -> bool {
        self.done.iter().all(|step| step.failure.is_none())
    }

    /// One line per step, with seconds and the counts of tests.
    pub fn table(&self) -> String {
        let width = self
            .done
            .iter()
            .map(|step| step.name.chars().count())
            .max()
            .unwrap_or(0);
        let mut table = String::new();
        for step in &self.done {
            let result = if step.failure.is_none() {
                "ok"
            } else {
                "FAILED"
            };
            let counts = step
                .tally
                .map(|tally| format!("   {tally}"))
                .unwrap_or_default();
            table.push_str(&format!(
                "{:width$}  {result:6} {:>7.1} s{counts}\n",
                step.name, step.seconds
            ));
        }
        let seconds: f64 = self.done.iter().map(|step| step.seconds).sum();
        table.push_str(&format!(
            "{:width$}         {seconds:>7.1} s\n",
            "all of it"
        ));
        table
    }

    /// The counts of tests. A step that failed without a failed test counts as one failure, so that a failed run never shows
    /// `0 failed`.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for step in &self.done {
            let mut tally = step.tally.unwrap_or_default();
            if step.failure.is_some() && tally.failed == 0 {
                tally.failed = 1;
            }
            total = total + tally;
        }
        total
    }
}

fn verdict(ended: &Ended, tally: Tally) -> Option<String> {
    if tally.failed > 0 {
        Some(format!("{} failed", tally.failed))
    } else if !ended.success {
        Some(ended.how.clone())
    } else if tally.passed == 0 {
        Some("no test was executed".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::cargo;

    fn ended(success: bool, line: &str) -> Result<Ended, String> {
        Ok(Ended {
            success,
            how: "exit status: 1".to_owned(),
            lines: vec![line.to_owned()],
        })
    }

    #[test]
    fn counts_of_all_steps_are_summed() {
        let mut steps = Steps::default();
        steps.take("one", || Ok(())).expect("well");
        steps.take_tests("two", cargo, || {
            ended(
                true,
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured",
            )
        });
        steps.take_tests("three", cargo, || {
            ended(
                true,
                "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured",
            )
        });
        assert!(steps.all_well());
        assert_eq!(steps.total().to_string(), "7 passed, 0 failed, 1 skipped");
        assert!(steps.table().contains("two    ok "), "{}", steps.table());
    }

    #[test]
    fn a_part_that_executes_no_test_fails() {
        let mut steps = Steps::default();
        steps.take_tests("empty", cargo, || ended(true, "nothing to do"));
        assert!(!steps.all_well());
        assert_eq!(steps.total().to_string(), "0 passed, 1 failed");
    }

    #[test]
    fn a_failed_test_is_counted_once_and_a_broken_step_as_one() {
        let mut steps = Steps::default();
        steps.take_tests("red", cargo, || {
            ended(false, "test result: FAILED. 5 passed; 2 failed; 0 ignored")
        });
        let broken: Result<(), String> =
            steps.take("broken", || Err("it does not compile".to_owned()));
        assert!(broken.is_err());
        steps.take_tests("gone", cargo, || Err("could not be started".to_owned()));
        assert_eq!(steps.total().to_string(), "5 passed, 4 failed");
    }
}
