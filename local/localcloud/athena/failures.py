"""How a query ends other than well."""


class QueryRefused(Exception):
    """The service refuses the request itself: InvalidRequestException."""


class QueryFailed(Exception):
    """The query ends FAILED; the message is its StateChangeReason, an error name of Trino first."""


class QueryCancelled(Exception):
    """The query ends CANCELLED; the message is its StateChangeReason."""
