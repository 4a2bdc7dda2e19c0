"""Sends SCIM requests one after the other, and writes the answers as a JSON list.

usage: scim_load.py URL REQUESTS, with the bearer token in the environment variable SCIM_TOKEN

REQUESTS is a JSON file: a list of {"method", "path", "body"}. In a path or a body, the text "{3}" stands for the id that the answer to the
fourth request gave. An answer is {"status", "body"}; the body is null when it is no JSON.
"""
import http.client
import json
import os
import re
import sys
import urllib.parse


def main():
    url = urllib.parse.urlsplit(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        requests = json.load(file)
    headers = {"Authorization": "Bearer " + os.environ["SCIM_TOKEN"], "Content-Type": "application/scim+json"}
    answers = []

    def identity(number):
        answer = answers[number]
        if not isinstance(answer["body"], dict) or "id" not in answer["body"]:
            sys.exit(f"request {number} gave no id: {answer}")
        return str(answer["body"]["id"])

    def resolved(text):
        return re.sub(r"\{(\d+)\}", lambda found: identity(int(found[1])), text)

    for request in requests:
        body = request.get("body")
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
        connection.request(request["method"], url.path + resolved(request["path"]), resolved(json.dumps(body)) if body else None, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        try:
            answers.append({"status": response.status, "body": json.loads(text)})
        except ValueError:
            answers.append({"status": response.status, "body": None})
    json.dump(answers, sys.stdout)


main()
