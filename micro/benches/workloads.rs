//! The time that each workload takes, per message: `cargo bench -p midge-micro --profile engine`.

use criterion::{Criterion, Throughput};
use midge_micro::WORKLOADS;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for workload in &WORKLOADS {
        let mut group = criterion.benchmark_group(workload.name);
        group.throughput(Throughput::Elements(workload.messages));
        let mut step = workload.prepare();
        group.bench_function("step", |bencher| bencher.iter(&mut step));
        group.finish();
    }
    criterion.final_summary();
}
