//! What an update of a detector keeps.

use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use super::documents::{Client, id, wire};

on_both! {
    async fn an_update_of_a_detector_keeps_tags_and_teams_that_it_omits(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let team = client.done("POST", "/v2/team", Some(&json!({"name": "SRE"}))).await;
        let (_, _, mut body) = wire(include_str!("../../fixtures/wire/04_detector_create.json"));
        body["teams"] = json!([team["id"]]);
        body["authorizedWriters"] = json!({"users": [client.user_id], "teams": [team["id"]]});
        let made = client.done("POST", "/v2/detector", Some(&body)).await;
        let path = format!("/v2/detector/{}", id(&made));
        for absent in [true, false] {
            let mut update = body.clone();
            for field in ["tags", "teams", "authorizedWriters"] {
                if absent {
                    update.as_object_mut().unwrap().remove(field);
                } else {
                    update[field] = Value::Null;
                }
            }
            let updated = client.done("PUT", &path, Some(&update)).await;
            for field in ["tags", "teams", "authorizedWriters"] {
                assert_eq!(updated[field], made[field], "{field}, absent: {absent}");
            }
        }
        let linked = client.done("GET", &format!("/v2/team/{}", id(&team)), None).await;
        assert_eq!(linked["detectors"], json!([made["id"]]));
        body["tags"] = json!([]);
        body["teams"] = json!([]);
        let cleared = client.done("PUT", &path, Some(&body)).await;
        assert_eq!((&cleared["tags"], &cleared["teams"]), (&json!([]), &json!([])));
        let unlinked = client.done("GET", &format!("/v2/team/{}", id(&team)), None).await;
        assert_eq!(unlinked["detectors"], json!([]));
    }
}
