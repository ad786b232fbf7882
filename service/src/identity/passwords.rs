//! Password hashing with argon2id, on blocking threads. The number of concurrent hashes is limited, so that sign-ins
//! cannot starve other work.

use std::sync::Arc;

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier,
    Version,
    password_hash::{self, Output, ParamsString, SaltString},
};
use domain::identity::password::{NewPassword, typed_forms};
use tokio::sync::Semaphore;

use crate::{
    identity::password_strength::check_strength,
    platform::{error::ServiceError, random, tasks::blocking},
};

/// Memory of one hash, in KiB: 19 MiB, the OWASP minimum with two passes.
const MEMORY_KIB: u32 = 19 * 1024;

/// Number of passes over the memory.
const PASSES: u32 = 2;

/// Number of concurrent hashes: they keep two cores busy and use 38 MiB.
const AT_ONCE: usize = 2;

/// Hashes and compares passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    /// A hash without a known password, checked when there is no account, so that the response takes as long.
    unknown: String,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, ServiceError> {
        Ok(Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            unknown: unknown_hash().map_err(failed)?,
        })
    }

    /// Hashes a new password, in PHC string format. `about_user` are texts about its owner: name and address.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when it is easily guessed.
    pub(crate) async fn hash(
        &self,
        password: &NewPassword,
        about_user: &[&str],
    ) -> Result<String, ServiceError> {
        let password = password.clone();
        let about_user: Vec<String> = about_user.iter().map(|text| (*text).to_owned()).collect();
        self.in_turn(move || {
            check_strength(password.reveal(), &about_user)?;
            hash(password.reveal().as_bytes())
        })
        .await?
    }

    /// Whether the password matches the hash. Without a hash it does not, after the same time.
    pub(crate) async fn matches(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<bool, ServiceError> {
        let forms = typed_forms(password);
        let exists = stored.is_some();
        let stored = stored.unwrap_or(&self.unknown).to_owned();
        let right = self
            .in_turn(move || forms.iter().any(|form| matches(form.as_bytes(), &stored)))
            .await?;
        Ok(right && exists)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|error| ServiceError::Internal(Box::new(error)))?;
        blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
    }
}

fn argon2() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, None).expect("the parameters are constants in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn failed(error: password_hash::Error) -> ServiceError {
    ServiceError::Internal(Box::new(error))
}

/// A random text in the format of a hash, so that the start of the program needs no hashing.
fn unknown_hash() -> Result<String, password_hash::Error> {
    let salt = SaltString::encode_b64(&random::bytes::<16>())?;
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2().params())?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(
            &random::bytes::<{ Params::DEFAULT_OUTPUT_LEN }>(),
        )?),
    };
    Ok(hash.to_string())
}

fn hash(password: &[u8]) -> Result<String, ServiceError> {
    let salt = SaltString::encode_b64(&random::bytes::<16>()).map_err(failed)?;
    Ok(argon2()
        .hash_password(password, &salt)
        .map_err(failed)?
        .to_string())
}

fn matches(password: &[u8], stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|stored| argon2().verify_password(password, &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unknown_hash_costs_as_much_as_a_real_one_and_matches_no_password() {
        let (unknown, known) = (unknown_hash().unwrap(), hash(b"a password").unwrap());
        let (unknown, known) = (
            PasswordHash::new(&unknown).unwrap(),
            PasswordHash::new(&known).unwrap(),
        );
        assert_eq!(
            (unknown.algorithm, unknown.version, &unknown.params),
            (known.algorithm, known.version, &known.params)
        );
        let lengths = |hash: &PasswordHash<'_>| {
            (
                hash.salt.unwrap().as_str().len(),
                hash.hash.unwrap().as_bytes().len(),
            )
        };
        assert_eq!(lengths(&unknown), lengths(&known));
        assert!(!matches(b"a password", &unknown.to_string()));
        assert!(matches(b"a password", &known.to_string()));
    }
}
