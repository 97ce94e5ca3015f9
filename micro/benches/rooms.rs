//! Times every piece of work: `cargo bench -p midge-micro`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use midge_micro::WORK;

/// So many at a time that what is around them does not show.
const MESSAGES: u64 = 10_000;

fn rooms(criterion: &mut Criterion) {
    for work in &WORK {
        let mut group = criterion.benchmark_group("a message");
        let mut work_on = (work.prepare)();
        let done = work_on(MESSAGES);
        group.throughput(Throughput::Elements(done));
        group.bench_function(work.name, |bencher| bencher.iter(|| work_on(MESSAGES)));
        group.finish();
    }
}

criterion_group!(benches, rooms);
criterion_main!(benches);
