"""Why a mail was not sent, in plain words: the outbox keeps the kind of failure and the server's code only."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "ConnectionRefusedError": "the mail server refused the connection",
    "ConnectionResetError": "the mail server broke the connection",
    "SMTPServerDisconnected": "the mail server broke the connection, or is none",
    "TimeoutError": "the mail server did not answer in time",
    "gaierror": "the mail server’s name was not found",
    "SSLCertVerificationError": "the mail server’s certificate is not valid",
    "SSLError": "the mail server speaks no TLS that we understand",
    "SMTPConnectError": "the mail server does not want to talk",
    "SMTPHeloError": "the mail server does not want to talk",
    "SMTPNotSupportedError": "the mail server does not offer what OPED_EMAIL_URL asks for",
    "SMTPAuthenticationError": "the mail server does not accept user and password",
    "SMTPSenderRefused": "the mail server does not take mail from our From address",
    "SMTPRecipientsRefused": "the mail server does not take mail for this address",
    "SMTPDataError": "the mail server did not take this mail",
    "PermissionError": "the mail folder can’t be written",
    "ImproperlyConfigured": "the mail settings are not usable",
}


def in_words(reason: str) -> str:
    """The reason in words, with the server's code if it gave one."""
    kind, _, code = reason.partition(" ")
    if kind not in WORDS:
        return reason
    return f"{WORDS[kind]} ({code})" if code else WORDS[kind]
