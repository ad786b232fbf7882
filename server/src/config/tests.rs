//! Precedence of the sources, and the problems that are reported.

use super::{values::DEFAULT_DATABASE, *};

#[test]
fn absent_settings_have_defaults() {
    let config = Config::check(Given::default()).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.database_url.reveal(), DEFAULT_DATABASE);
    assert_eq!(config.public_url, None);
}

#[test]
fn flags_beat_the_file() {
    let file = toml::from_str("listen = \"0.0.0.0:1\"\npublic_url = \"http://lan\"").unwrap();
    let flags = Given {
        listen: Some("127.0.0.1:2".to_owned()),
        ..Given::default()
    };
    let config = Config::check(flags.or(file)).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.public_url.as_deref(), Some("http://lan"));
}

#[test]
fn every_problem_is_named_and_no_password_repeated() {
    let rejected = Config::check(Given {
        listen: Some("3000".to_owned()),
        database_url: Some("mysql://root:hunter2@db".to_owned()),
        public_url: Some("countersign".to_owned()),
        trusted_proxy: vec!["proxy".to_owned()],
        aws_account_arn: Some("000000000000".to_owned()),
        site_dir: Some("/nowhere/at/all".into()),
        log: Some("a=b=c".to_owned()),
        keep_events_days: Some(29),
        keep_calls_days: Some(0),
        keep_ended_days: Some(29),
        allowed_host: vec!["a b".to_owned()],
        cors_origin: vec!["https://tools.example/path".to_owned()],
        idle_hours: Some(0),
        administrator_idle_hours: Some(2_161),
        sink_url: Some("https://siem:hunter2@example.com".to_owned()),
        sink_authorization_file: Some("/nowhere/at/all".into()),
        ..Given::default()
    })
    .unwrap_err();
    let text = rejected.to_string();
    for name in [
        "listen",
        "database_url",
        "public_url",
        "trusted_proxy",
        "aws_account_arn",
        "site_dir",
        "log",
        "keep_events_days",
        "keep_calls_days",
        "keep_ended_days",
        "allowed_host",
        "cors_origin",
        "idle_hours",
        "administrator_idle_hours",
        "sink_url",
        "sink_authorization_file",
    ] {
        assert!(text.contains(&format!("\n  {name}: ")), "{name} in {text}");
    }
    assert!(!text.contains("hunter2"));
}

#[test]
fn mail_needs_a_server_a_sender_and_an_address_for_its_links() {
    let check =
        |server: Option<&str>, sender: Option<&str>, url: Option<&str>, expected: &[&str]| {
            let rejected = Config::check(Given {
                smtp_url: server.map(str::to_owned),
                mail_from: sender.map(str::to_owned),
                public_url: url.map(str::to_owned),
                ..Given::default()
            });
            let problems = rejected
                .err()
                .map_or(Vec::new(), |InvalidConfig(problems)| problems);
            let names: Vec<_> = problems
                .iter()
                .filter_map(|problem| problem.split(':').next())
                .collect();
            assert_eq!(names, expected, "{problems:?}");
            assert!(!format!("{problems:?}").contains("hunter2"), "{problems:?}");
        };
    let (server, sender, url) = (
        "smtps://user:hunter2@mail.example",
        "c@example.com",
        "https://countersign.example",
    );
    check(None, None, None, &[]);
    check(Some(server), Some(sender), Some(url), &[]);
    check(Some(server), None, Some(url), &["mail_from"]);
    check(None, Some(sender), Some(url), &["smtp_url"]);
    check(Some(server), Some(sender), None, &["public_url"]);
    check(
        Some("smtp://user:hunter2@mail.example"),
        Some("unknown"),
        Some(url),
        &["smtp_url", "mail_from"],
    );
    let config = Config::check(Given {
        smtp_url: Some(server.to_owned()),
        mail_from: Some(sender.to_owned()),
        public_url: Some(url.to_owned()),
        ..Given::default()
    });
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn the_checkpoint_file_is_read_by_its_former_name_too() {
    #[derive(clap::Parser)]
    struct Flags {
        #[command(flatten)]
        given: Given,
    }
    let flag = |flag| {
        let flags = <Flags as clap::Parser>::parse_from(["countersign", flag, "flags.ndjson"]);
        flags.given
    };
    let command = <Flags as clap::CommandFactory>::command();
    let arguments: Vec<_> = command.get_arguments().collect();
    let is_read = |variable: &str| {
        arguments
            .iter()
            .any(|argument| argument.get_env().is_some_and(|name| name == variable))
    };
    assert!(is_read("COUNTERSIGN_SEAL_FILE") && is_read("COUNTERSIGN_CHECKPOINT_FILE"));
    let both = ["countersign", "--seal-file", "a", "--checkpoint-file", "b"];
    assert!(<Flags as clap::Parser>::try_parse_from(both).is_err());
    let file = |name: &str| toml::from_str::<Given>(&format!("{name} = \"file.ndjson\"")).unwrap();
    for former in ["seal_file", "checkpoint_file"] {
        let config = Config::check(Given::default().or(file(former))).unwrap();
        assert_eq!(config.checkpoint_file, Some("file.ndjson".into()));
        for flag in ["--seal-file", "--checkpoint-file"].map(flag) {
            let config = Config::check(flag.or(file(former))).unwrap();
            assert_eq!(config.checkpoint_file, Some("flags.ndjson".into()));
        }
    }
}

#[test]
fn an_unknown_setting_in_the_file_is_a_problem() {
    assert!(toml::from_str::<Given>("lisen = \"0.0.0.0:1\"").is_err());
}

#[test]
fn a_public_address_is_an_origin() {
    assert_eq!(
        origin_of("https://C.example:443/").unwrap(),
        "https://c.example"
    );
    assert_eq!(
        origin_of("http://c.example:8080").unwrap(),
        "http://c.example:8080"
    );
    for url in [
        "",
        "c.example",
        "ftp://c.example",
        "https://c.example/path",
        "https://u@c.example",
    ] {
        assert!(origin_of(url).is_err(), "{url}");
    }
}

#[test]
fn an_address_for_other_machines_needs_tls_in_front_or_permission() {
    let check = |change: fn(&mut Given), expected: bool| {
        let mut given = Given {
            listen: Some("0.0.0.0:3000".to_owned()),
            ..Given::default()
        };
        change(&mut given);
        let config = Config::check(given).unwrap();
        assert_eq!(config.check_transport().is_ok(), expected, "{config:?}");
    };
    check(|_| {}, false);
    check(|given| given.listen = Some("[::]:3000".to_owned()), false);
    check(
        |given| given.listen = Some("127.0.0.1:3000".to_owned()),
        true,
    );
    check(|given| given.listen = Some("[::1]:3000".to_owned()), true);
    check(
        |given| given.public_url = Some("http://lan:3000".to_owned()),
        false,
    );
    check(
        |given| given.public_url = Some("https://c.example".to_owned()),
        true,
    );
    check(
        |given| given.trusted_proxy = vec!["10.0.0.0/8".to_owned()],
        true,
    );
    check(|given| given.allow_plain_http = true, true);
}
