"""Protected fields: what is stored cannot be read without the keys, what is shown is masked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib import DatabaseState
from svclib.workspace.vault import Vault, mask


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    path = tmp_path_factory.mktemp("keys") / "secret.json"
    Vault.create(path)
    return Vault.open(path)


@given(value=st.text(max_size=60))
def test_what_is_encrypted_comes_back(vault: Vault, value: str) -> None:
    sealed = vault.encrypt("phone", value)
    assert sealed is not None
    assert vault.decrypt("phone", sealed) == value


def test_the_same_value_never_gives_the_same_ciphertext_but_always_the_same_index(vault: Vault) -> None:
    assert vault.encrypt("phone", "13800000000") != vault.encrypt("phone", "13800000000")
    assert vault.index("510105199001011234") == vault.index("510105199001011234")


def test_a_ciphertext_cannot_be_moved_to_another_field(vault: Vault) -> None:
    with pytest.raises(DatabaseState):
        vault.decrypt("address", vault.encrypt("phone", "13800000000"))


def test_other_keys_do_not_open_it_and_the_sentence_names_the_key_file(vault: Vault, tmp_path: Path) -> None:
    Vault.create(tmp_path / "other.json")
    with pytest.raises(DatabaseState, match="密钥"):
        Vault.open(tmp_path / "other.json").decrypt("phone", vault.encrypt("phone", "1"))


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    with pytest.raises(DatabaseState, match=r"secret\.json"):
        Vault.open(tmp_path / "secret.json")


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("phone", "13812345678", "138****5678"),
        ("phone", "028-12345678", "028*****5678"),
        ("phone", "12345", "*****"),
        ("id_number", "51010519900101123X", "5101**********123X"),
        ("address", "四川省成都市武侯区一环路1号", "四川省成都市****"),
        ("phone", None, None),
    ],
)
def test_masks_keep_what_tells_two_records_apart(field: str, value: str | None, shown: str | None) -> None:
    assert mask(field, value) == shown


@given(value=st.text(min_size=1, max_size=30), field=st.sampled_from(["id_number", "phone"]))
def test_a_mask_never_shows_more_than_the_ends(value: str, field: str) -> None:
    shown = mask(field, value)
    assert shown is not None
    assert len(shown) == len(value)
    assert shown.count("*") >= min(2, len(value))
