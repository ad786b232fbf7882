//! Objects: writing, reading and listing them, restricted to what a reader may see.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

mod support;

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::role::RoleSet,
    objects::{
        object::{Object, Relation, Stamp},
        permissions::{Principal, Protection},
    },
    platform::{
        document::Document,
        id::{Id, TeamId, UserId},
        page::OffsetPage,
        timestamp::Timestamp,
    },
};
use serde_json::json;
use store::{Member, ObjectFilter, ObjectOrder, ReadAccess, Reader, Store};
use testbed::on_both;

use support::{ORGANIZATION, begin, by_system, created};

const ALL: OffsetPage = OffsetPage {
    limit: 10_000,
    offset: 0,
};

fn id(bits: u64) -> Id {
    Id::from_bits(bits)
}

fn object(kind: ObjectType, bits: u64, name: &str) -> Object {
    let stamp = Stamp {
        at: Timestamp::from_micros(i64::try_from(bits).unwrap()),
        by: by_system(),
    };
    Object {
        id: id(bits),
        organization_id: ORGANIZATION,
        kind,
        name: name.to_owned(),
        parent_id: None,
        document: Document::new(),
        protection: Protection::Open,
        created: stamp.clone(),
        updated: stamp,
    }
}

fn restricted(object_id: Id, readers: &[Principal]) -> ReadAccess {
    ReadAccess {
        access_id: Some(object_id),
        readers: Some(readers.to_vec()),
    }
}

fn member(bits: u64) -> Member {
    Member {
        id: UserId(id(bits)),
        persona_id: id(bits),
        organization_id: ORGANIZATION,
        email: format!("{bits}@example.com"),
        full_name: bits.to_string(),
        title: None,
        phone: None,
        roles: RoleSet::default(),
        password_hash: String::new(),
        created_at: Timestamp::from_micros(1),
        created_by: Id::SYSTEM,
        updated_at: Timestamp::from_micros(1),
        updated_by: Id::SYSTEM,
        disabled_at: None,
        removed_at: None,
    }
}

fn charts(reader: Reader) -> ObjectFilter {
    ObjectFilter::all(ORGANIZATION, ObjectType::Chart, reader)
}

async fn names(store: &Store, filter: &ObjectFilter, page: OffsetPage) -> String {
    let found = store
        .read()
        .await
        .unwrap()
        .page_objects(filter, page)
        .await
        .unwrap();
    let names: Vec<String> = found
        .results
        .into_iter()
        .map(|object| object.name)
        .collect();
    format!("{}: {}", found.count, names.join(" "))
}

on_both! {
    async fn an_object_is_read_as_it_was_written(database: Database) {
        let (store, mut write) = begin(&database).await;
        let mut before = object(ObjectType::Detector, 10, "Ölstand");
        before.document = json!({"tags": ["a", "b", "a"], "teams": ["t"], "description": "Hot", "n": 9_007_199_254_740_993_i64}).as_object().unwrap().clone();
        write.insert_object(&before, &ReadAccess::default()).await.unwrap();
        assert_eq!(write.find_object(before.id).await.unwrap().unwrap(), before);
        let mut after = before.clone();
        after.name = "Level".to_owned();
        after.protection = Protection::Entries(Vec::new());
        after.document = json!({"tags": ["b", "c"]}).as_object().unwrap().clone();
        after.updated.at = Timestamp::from_micros(99);
        write.update_object(&before, &after, &restricted(after.id, &[])).await.unwrap();
        write.commit(created(ObjectType::Dashboard, 3, "many")).await.unwrap();

        let mut read = store.read().await.unwrap();
        assert_eq!(read.find_object(before.id).await.unwrap().unwrap(), after);
        assert_eq!(read.list_objects_by_id(&[id(77), before.id]).await.unwrap(), [after.clone()]);
        let found = read.find_object_by_name(ORGANIZATION, ObjectType::Detector, "LEVEL").await.unwrap();
        assert_eq!(found.unwrap().id, before.id);
        drop(read);
        let tagged = |tag: &str| ObjectFilter {
            tags: vec![tag.to_owned()],
            ..ObjectFilter::all(ORGANIZATION, ObjectType::Detector, Reader::Everything)
        };
        assert_eq!(names(&store, &tagged("a"), ALL).await, "0: ");
        assert_eq!(names(&store, &tagged("b"), ALL).await, "1: Level");
        assert_eq!(names(&store, &tagged("c"), ALL).await, "1: Level");
    }

    async fn lists_have_only_objects_that_the_reader_may_read(database: Database) {
        let (store, mut write) = begin(&database).await;
        write.insert_member(&member(20)).await.unwrap();
        write.insert_member(&member(21)).await.unwrap();
        let team = object(ObjectType::Team, 30, "team");
        write.insert_object(&team, &ReadAccess::default()).await.unwrap();
        write.insert_team_member(TeamId(team.id), UserId(id(21)), Timestamp::from_micros(1)).await.unwrap();
        for (bits, name, readers) in [
            (41, "user", vec![Principal::User(UserId(id(20)))]),
            (42, "team", vec![Principal::Team(TeamId(team.id))]),
            (43, "organization", vec![Principal::Organization(ORGANIZATION)]),
            (44, "none", vec![]),
        ] {
            let dashboard = object(ObjectType::Dashboard, bits, name);
            write.insert_object(&dashboard, &restricted(dashboard.id, &readers)).await.unwrap();
            let chart = object(ObjectType::Chart, bits + 10, name);
            write.insert_object(&chart, &ReadAccess::default()).await.unwrap();
            write.attach_objects(&[chart.id], Some(dashboard.id), Some(dashboard.id)).await.unwrap();
        }
        write.insert_object(&object(ObjectType::Chart, 60, "orphan"), &ReadAccess::default()).await.unwrap();
        write.commit(created(ObjectType::Dashboard, 3, "many")).await.unwrap();

        let check = async |reader, expected: &str| {
            assert_eq!(names(&store, &charts(reader), ALL).await, expected);
        };
        check(Reader::Everything, "5: user team organization none orphan").await;
        check(Reader::User(id(20)), "3: user organization orphan").await;
        check(Reader::User(id(21)), "3: team organization orphan").await;
        check(Reader::Organization, "2: organization orphan").await;

        let mut write = store.write().await.unwrap();
        write.delete_team_member(TeamId(team.id), UserId(id(21))).await.unwrap();
        write.follow_access(id(44), None).await.unwrap();
        write.detach_children(id(41)).await.unwrap();
        write.delete_object(id(41)).await.unwrap();
        write.commit(created(ObjectType::Dashboard, 3, "many")).await.unwrap();
        check(Reader::User(id(21)), "4: user organization none orphan").await;
    }

    async fn pages_laid_end_to_end_are_the_list(database: Database) {
        let (store, mut write) = begin(&database).await;
        for bits in 0..40 {
            // Names and times repeat, so that only the ids distinguish some charts.
            let mut chart = object(ObjectType::Chart, 100 + bits, &format!("c{}", bits % 7));
            chart.updated.at = Timestamp::from_micros(i64::try_from(bits % 5).unwrap());
            chart.document = json!({"tags": [format!("t{}", bits % 3)]}).as_object().unwrap().clone();
            write.insert_object(&chart, &ReadAccess::default()).await.unwrap();
        }
        write.commit(created(ObjectType::Dashboard, 3, "many")).await.unwrap();
        let orders = [
            ObjectOrder::Updated, ObjectOrder::Created, ObjectOrder::Name, ObjectOrder::Creator, ObjectOrder::Updater,
            ObjectOrder::Tags, ObjectOrder::Description,
        ];
        for order in orders {
            let mut listed = Vec::new();
            for descending in [false, true] {
                let filter = ObjectFilter { order, descending, ..charts(Reader::Organization) };
                let mut read = store.read().await.unwrap();
                let whole = read.page_objects(&filter, ALL).await.unwrap();
                let mut pages = Vec::new();
                for offset in (0..42).step_by(6) {
                    let page = read.page_objects(&filter, OffsetPage { limit: 6, offset }).await.unwrap();
                    assert_eq!(page.count, 40);
                    pages.extend(page.results);
                }
                assert_eq!(pages, whole.results, "{order:?} {descending}");
                listed.push(pages);
            }
            let backwards: Vec<_> = listed[1].iter().rev().cloned().collect();
            assert_eq!(listed[0], backwards, "{order:?}");
        }
    }

    async fn references_are_followed_both_ways(database: Database) {
        let (store, mut write) = begin(&database).await;
        let team = object(ObjectType::Team, 30, "team");
        write.insert_object(&team, &ReadAccess::default()).await.unwrap();
        let mut group = object(ObjectType::DashboardGroup, 31, "group");
        group.document = json!({"teams": [team.id]}).as_object().unwrap().clone();
        write.insert_object(&group, &ReadAccess::default()).await.unwrap();
        let linked = write.list_referring(Relation::Team, team.id, ObjectType::DashboardGroup).await.unwrap();
        assert_eq!(linked, [group.clone()]);
        let mut unlinked = group.clone();
        unlinked.document = Document::new();
        write.follow_object(&group, &unlinked).await.unwrap();
        let none = write.list_referring_ids(Relation::Team, team.id, ObjectType::DashboardGroup).await.unwrap();
        assert_eq!(none, []);

        let mut dashboard = object(ObjectType::Dashboard, 32, "dashboard");
        dashboard.parent_id = Some(group.id);
        write.insert_object(&dashboard, &ReadAccess::default()).await.unwrap();
        assert_eq!(write.list_children(group.id, ObjectType::Dashboard).await.unwrap(), [dashboard]);
        write.commit(created(ObjectType::Dashboard, 3, "many")).await.unwrap();
        let mut write = store.write().await.unwrap();
        assert!(write.delete_object(group.id).await.is_err(), "a dashboard belongs to it");
    }

    async fn objects_are_found_by_the_texts_and_ids_that_they_refer_to(database: Database) {
        let (_store, mut write) = begin(&database).await;
        let kind = ObjectType::Shared(SharedKind::DirectoryEntry);
        let templates: Vec<Id> = (100..120).map(id).collect();
        let mut entries = Vec::new();
        for (bits, path, template) in [(40, "b/c", templates[0]), (41, "a/B", templates[19]), (42, "a", templates[0])] {
            let mut entry = object(kind, bits, path);
            let listed = json!({"templates": [format!("/v2/template/{template}")]});
            entry.document = listed.as_object().unwrap().clone();
            write.insert_object(&entry, &ReadAccess::default()).await.unwrap();
            entries.push(entry);
        }
        let below = write.list_referring_to(Relation::Below, "a", kind).await.unwrap();
        assert_eq!(below, [entries[1].clone()]);
        assert_eq!(write.list_referring_to(Relation::Below, "", kind).await.unwrap(), entries);
        assert_eq!(write.list_referring_to(Relation::Path, "a/b", kind).await.unwrap(), []);
        let names = write.list_names_referring(Relation::Template, &templates, kind).await.unwrap();
        let expected = [(templates[0], "a"), (templates[0], "b/c"), (templates[19], "a/B")];
        assert_eq!(names, expected.map(|(id, path)| (id, path.to_owned())));
    }
}
