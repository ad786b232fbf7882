//! Tests of the API and the pages with failing disks, networks, proxies, browsers, mail readers and operators.

mod disconnects;
mod ingest_counts;
mod ingest_queue;
mod mails;
mod password_page;
mod proxies;
mod repeats;
mod resent_forms;
mod sign_in_page;
