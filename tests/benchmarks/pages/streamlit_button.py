"""The same page in Streamlit."""

import streamlit as st

if st.button("ready-btn"):
    st.write("clicked-ok")
