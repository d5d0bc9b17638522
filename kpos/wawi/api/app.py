"""The API put together: who may ask, what is documented, what becomes of exceptions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from kpos.wawi.api import routes, schemas
from kpos.wawi.api.problems import MEDIA_TYPE, Problem, problem_of

_ANY_PROBLEM = {
    "description": "What went wrong, and what to do (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Api(NinjaAPI):
    """Whose document says that every operation may answer with a problem."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Called as here."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:  # noqa: ANN401
        """The OpenAPI document."""
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"].update(schemas.COMPONENTS)
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = _ANY_PROBLEM
        return document


def _unauthorized(_request: HttpRequest, _error: object) -> HttpResponse:
    headers = {"WWW-Authenticate": "Bearer"}
    return Problem(401, "a token is needed that is good here", headers=headers).response()


def _not_found(_request: HttpRequest, _error: object) -> HttpResponse:
    return Problem(404, "there is nothing here").response()


def _malformed(
    _request: HttpRequest, error: ValidationError | type[ValidationError]
) -> HttpResponse:
    """What of the path or the query is not as documented."""
    assert isinstance(error, ValidationError), "ninja hands over what was raised"
    faults = [{"pointer": each["loc"][-1], "detail": each["msg"]} for each in error.errors]
    detail = "; ".join(f"{fault['pointer']}: {fault['detail']}" for fault in faults)
    return Problem(422, detail, more={"errors": faults}).response()


def _unexpected(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(error, Exception), "ninja hands over what was raised"
    return problem_of(error).response()


def make_api() -> Api:
    """The API with all its routes."""
    made = Api(
        title="kpos companion server",
        version=routes.API_VERSION,
        description="Tills send their journals up and take master data down. See docs/sync.md.",
        urls_namespace="api",
        docs_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": "/"}],
    )
    made.add_router("", routes.router)
    made.add_exception_handler(AuthenticationError, _unauthorized)
    made.add_exception_handler(Http404, _not_found)
    made.add_exception_handler(ValidationError, _malformed)
    made.add_exception_handler(Exception, _unexpected)
    return made


api = make_api()
