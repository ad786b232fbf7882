//! Cloud integrations, which are created in two steps or have several keys.

use super::*;
use crate::integrations::shown;

#[test]
fn the_keys_of_projects_follow_their_project() {
    let stored = read(gcp(
        json!([{"projectId": "a", "projectKey": "ka"}, {"projectId": "b", "projectKey": "kb"}]),
    ))
    .unwrap();
    assert_eq!(
        stored.document["projectServiceKeys"],
        json!([{"projectId": "a"}, {"projectId": "b"}])
    );
    let keys =
        |draft: &IntegrationDraft| draft.secrets.reveal().values().cloned().collect::<Vec<_>>();
    let swapped = put(
        &stored,
        gcp(json!([{"projectId": "b"}, {"projectId": "a", "projectKey": null}])),
    )
    .unwrap();
    assert_eq!(keys(&swapped), ["ka", "kb"]);
    let fewer = put(
        &stored,
        gcp(json!([{"projectId": "b", "projectKey": "new"}])),
    )
    .unwrap();
    assert_eq!(keys(&fewer), ["new"]);
    assert_eq!(
        put(&stored, json!({"type": "GCP"})).unwrap().document["projectServiceKeys"],
        stored.document["projectServiceKeys"]
    );
    assert!(put(&stored, gcp(json!([]))).unwrap().secrets.is_empty());
    let rejected = put(&stored, gcp(json!([{"projectId": "c"}]))).unwrap_err();
    assert_eq!(rejected.field, "projectServiceKeys/c/projectKey");
    check(
        gcp(json!([{"projectKey": "k"}])),
        Some("projectServiceKeys[0].projectId"),
    );
}

#[test]
fn aws_is_created_first_and_completed_before_it_is_enabled() {
    let stub = read(with(aws(), "enabled", json!(true))).unwrap();
    assert!(stub.needs_external_id());
    let check = |given: Value, field: Option<&str>| {
        let rejected = put(&stub, with(given, "enabled", json!(true))).err();
        assert_eq!(rejected.map(|rejected| rejected.field).as_deref(), field);
    };
    check(aws(), Some("roleArn"));
    check(with(aws(), "roleArn", json!("arn:aws:iam::1:role/x")), None);
    let by_token = with(aws(), "authMethod", json!("SecurityToken"));
    check(by_token.clone(), Some("key"));
    check(with(by_token.clone(), "key", json!("k")), Some("token"));
    check(
        with(with(by_token, "key", json!("k")), "token", json!("t")),
        None,
    );
    assert!(
        put(&stub, aws()).is_ok(),
        "disabled, it may stay incomplete"
    );
}

#[test]
fn aws_keeps_its_external_id_and_has_no_streams_to_cancel() {
    let mut stored = read(aws()).unwrap();
    stored
        .document
        .insert("externalId".to_owned(), json!("abc"));
    let after = put(
        &stored,
        with(
            with(aws(), "externalId", json!("mine")),
            "metricStreamsSyncState",
            json!("CANCELLING"),
        ),
    )
    .unwrap();
    assert_eq!(after.document["externalId"], "abc");
    assert_eq!(after.document["metricStreamsSyncState"], "DISABLED");
    let on = put(
        &stored,
        with(aws(), "metricStreamsSyncState", json!("ENABLED")),
    )
    .unwrap();
    assert_eq!(on.document["metricStreamsSyncState"], "ENABLED");
    assert_eq!(shown(&on.document, "arn:x")["sfxAwsAccountArn"], "arn:x");
}
