// The scenarios that get a second try, each with its reason. All others get one: what passes only now and then is a race in
// the page or in its test, and is mended there.

/** What a run says of a scenario that needed its second try. */
export const SECOND_TRY = 'SECOND TRY';

/**
 * `file` is the scenario's file, `name` its name word for word, `reason` what makes it fail now and then, and why that can
 * not be mended here. An entry whose scenario is not there fails the run.
 */
export const secondTries = [];
