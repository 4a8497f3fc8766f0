import json

from instances import Instance
from localcloud.wire import client


def test_a_stack_with_a_saved_query_deploys_and_removes_it(cloud: Instance) -> None:
    cloudformation = client("cloudformation", cloud.endpoint)
    athena = client("athena", cloud.endpoint)
    properties = {"Database": "d", "Name": "count_rows", "QueryString": "SELECT 1"}
    template = {"Resources": {"Saved": {"Type": "AWS::Athena::NamedQuery", "Properties": properties}}}

    cloudformation.create_stack(StackName="saved-query", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="saved-query", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )

    (identifier,) = athena.list_named_queries()["NamedQueryIds"]
    assert athena.get_named_query(NamedQueryId=identifier)["NamedQuery"]["QueryString"] == "SELECT 1"

    cloudformation.delete_stack(StackName="saved-query")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="saved-query", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    assert athena.list_named_queries()["NamedQueryIds"] == []
