from localcloud.wire import botocore_session


def test_all_sessions_share_the_models_of_the_services() -> None:
    first, second = (botocore_session().get_component("data_loader") for _ in range(2))

    assert first.load_service_model("sqs", "service-2") is second.load_service_model("sqs", "service-2")
