//! What the tests with the Terraform provider need. They are in Python and run where a provider was built.

use std::{env, path::Path, process::Command};

use anyhow::{Result, bail};

use crate::run;

/// The name of the test, as an argument of `cargo xtask clients`.
pub(super) const NAME: &str = "terraform";

/// The programs that run a provider. The tests use the first that is installed.
const PROGRAMS: [&str; 2] = ["terraform", "tofu"];

/// The environment variable with the path of the built provider, which the tests read.
const PROVIDER: &str = "COUNTERSIGN_TERRAFORM_PROVIDER";

/// What is missing for the tests: a program that runs a provider, or a provider.
///
/// # Errors
/// When the variable names a file that does not exist.
pub(super) fn missing() -> Result<Option<String>> {
    let installed = PROGRAMS
        .iter()
        .any(|program| run::succeeds(Command::new(program).arg("-version")));
    lacking(installed, env::var(PROVIDER).ok().as_deref())
}

/// Checks that nothing is missing.
///
/// # Errors
/// When something is.
pub(super) fn require() -> Result<()> {
    if let Some(missing) = missing()? {
        bail!("the tests with the Terraform provider cannot run, since {missing}");
    }
    Ok(())
}

/// What is missing, given whether a program is installed and the value of the variable.
fn lacking(is_installed: bool, provider: Option<&str>) -> Result<Option<String>> {
    let provider = provider.filter(|provider| !provider.is_empty());
    if let Some(provider) = provider
        && !Path::new(provider).is_file()
    {
        bail!("{PROVIDER} names a file that does not exist: {provider}");
    }
    Ok(if !is_installed {
        Some(format!("there is neither {} here", PROGRAMS.join(" nor ")))
    } else if provider.is_none() {
        Some(format!("{PROVIDER} names no provider"))
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let exists = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let lacking = |is_installed, provider| lacking(is_installed, provider).unwrap();
        assert_eq!(lacking(true, Some(exists)), None);
        let none = Some("COUNTERSIGN_TERRAFORM_PROVIDER names no provider".to_owned());
        assert_eq!(lacking(true, None), none);
        assert_eq!(lacking(true, Some("")), none);
        let neither = Some("there is neither terraform nor tofu here".to_owned());
        assert_eq!(lacking(false, Some(exists)), neither);
    }

    #[test]
    fn a_provider_that_does_not_exist_is_an_error() {
        assert!(lacking(true, Some("/no/such/provider")).is_err());
    }
}
