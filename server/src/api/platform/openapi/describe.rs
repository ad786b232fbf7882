//! Describes an operation by its handler's signature.

use aide::{
    OperationInput, OperationOutput,
    generate::GenContext,
    openapi::{Operation, ReferenceOr, StatusCode},
};

/// Adds a handler's inputs and outputs to an operation.
pub(crate) fn describe<I, O>(context: &mut GenContext, operation: &mut Operation)
where
    I: OperationInput,
    O: OperationOutput,
{
    I::operation_input(context, operation);
    for (status, mut response) in O::inferred_responses(context, operation) {
        if response.description.is_empty() {
            response.description = "The result.".to_owned();
        }
        let status = StatusCode::Code(status.unwrap_or(200));
        let responses = &mut operation.responses.get_or_insert_default().responses;
        responses.insert(status, ReferenceOr::Item(response));
    }
}
