//! Finds the accounts here of people of the source, by their email addresses.

use std::collections::HashMap;

use domain::objects::imports::known::Person;
use service::{Service, ServiceError};

/// The people of the source, by their ids there.
pub(super) async fn accounts_of(
    service: &Service,
    emails: &HashMap<String, String>,
) -> anyhow::Result<HashMap<String, Person>> {
    let mut people = HashMap::new();
    for (source_id, email) in emails {
        let user_id = match service.identity().members().find_by_email(email).await {
            Ok(member) => Some(member.id),
            Err(ServiceError::NotFound(_) | ServiceError::Rejected(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let person = Person {
            email: email.clone(),
            user_id,
        };
        people.insert(source_id.clone(), person);
    }
    Ok(people)
}
