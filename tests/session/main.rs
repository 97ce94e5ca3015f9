//! The session by behaviour, with a simulated link and clock: one file per group of behaviours. Nothing sleeps.

mod addresses;
mod authenticating;
mod connecting;
mod eight_filters;
mod farewell;
mod granting;
mod held_back;
mod keep_alive;
mod link;
mod not_permitted;
mod packets;
mod pressure;
mod publishing;
mod receiving;
mod replaced;
mod resuming;
mod retrying;
mod stream;
mod subscribing;
mod subscribing_5;
mod tolerating;
mod troubles;
mod versions;
mod violations;
