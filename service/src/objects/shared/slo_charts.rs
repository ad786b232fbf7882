//! Charts of SLOs, and the search for SLOs (docs/contract.md#slos). A chart of an SLO is a chart with the name of its SLO.

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{
        chart::{SLO_CHART, slo_of_request},
        object::Object,
        permissions::authorize_create,
        shared::slo::SloSearch,
    },
    platform::{
        document::{Document, reject},
        id::Id,
        page::{OffsetPage, Page},
    },
};
use serde_json::{Value, json};

use crate::{
    objects::{handle::Objects, list::ListQuery, load::find_of},
    platform::error::ServiceError,
};

impl Objects {
    /// Creates a chart of an SLO.
    ///
    /// # Errors
    /// As [`Self::create_chart`]; [`ServiceError::Rejected`] when the SLO does not exist.
    pub async fn create_slo_chart(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let options = ("options".to_owned(), json!({"type": SLO_CHART}));
        let chart = self
            .with_slo(caller, Document::from_iter([options]), given)
            .await?;
        self.create_chart(caller, &chart).await
    }

    /// Makes a chart of an SLO one of another SLO. The other fields of the chart stay.
    ///
    /// # Errors
    /// As [`Self::update_chart`]; [`ServiceError::Rejected`] when the SLO does not exist or the chart is another one.
    pub async fn update_slo_chart(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let chart = self.find_chart(caller, id).await?;
        let options = chart.document.get("options");
        if options.and_then(|options| options.get("type")?.as_str()) != Some(SLO_CHART) {
            return Err(reject("id", "must be a chart of an SLO").into());
        }
        let seen_at = chart.updated.at;
        let chart = self.with_slo(caller, chart.document, given).await?;
        self.update_chart_seen_at(caller, id, &chart, seen_at).await
    }

    /// Lists the SLOs that a search finds.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the search breaks a rule.
    pub async fn search_slos(
        &self,
        caller: &Caller,
        search: &Document,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let search = SloSearch::read(search)?;
        if search.with_alerts {
            return Ok(Page::of_all(Vec::new(), page));
        }
        if search.ids.is_empty() {
            return self.list_shared(SharedKind::Slo, caller, query, page).await;
        }
        let mut read = self.platform.store().read().await?;
        let mut found = read.list_objects_by_id(&search.ids).await?;
        drop(read);
        found.retain(|slo| {
            slo.kind == ObjectType::Shared(SharedKind::Slo)
                && slo.organization_id == caller.organization_id()
        });
        found.sort_by_key(|slo| (slo.updated.at, slo.id));
        let found = Page::of_all(found, page);
        Ok(Page {
            results: self.readable_all(caller, found.results).await?,
            count: found.count,
        })
    }

    /// A request for a chart with the SLO of another request, and its name.
    async fn with_slo(
        &self,
        caller: &Caller,
        mut chart: Document,
        given: &Document,
    ) -> Result<Document, ServiceError> {
        let id = slo_of_request(given)?;
        if chart.get("sloId").and_then(Value::as_str) == Some(&*id.to_string()) {
            // It may have been deleted since; what is stored may be sent back.
            return Ok(chart);
        }
        let mut read = self.platform.store().read().await?;
        let kind = ObjectType::Shared(SharedKind::Slo);
        let slo = find_of(&mut read, caller.organization_id(), kind, id).await?;
        let slo = slo.ok_or_else(|| reject("sloId", format!("there is no SLO {id}")))?;
        chart.insert("name".to_owned(), json!(slo.name));
        chart.insert("sloId".to_owned(), json!(id));
        Ok(chart)
    }
}
