// Sends a form of the desk in the background. Logging in again gives all forms another token: it is fetched, once.

export async function post(url, body, accept) {
  const send = () => fetch(url, { method: "POST", body, headers: { Accept: accept } })
  const response = await send()
  return response.status === 403 && await renewToken(body) ? send() : response
}

async function renewToken(body) {
  const page = await fetch(location.href)
  const fresh = !page.redirected && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")
  if (!fresh) return false
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = fresh.value })
  body.set("csrfmiddlewaretoken", fresh.value)
  return true
}
