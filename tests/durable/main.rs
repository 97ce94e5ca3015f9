//! What the session does so that nothing is lost: messages that wait, deliveries that are not finished, and what is kept
//! in storage. With a simulated broker, storage and clock; a crash throws the session away. Nothing sleeps.

mod broker;
mod crashes;

mod queue;

mod acknowledging;
mod aliases;
mod expiry;
mod held_back;
mod limits;
mod refusals;
mod resuming;
mod schedules;
mod storing;
mod subscriptions;
mod tab;
