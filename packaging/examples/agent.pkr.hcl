# Packer: add these provisioners to the build of your base image. The image has no key of an agent: each clone makes its
# own at the first start.
build {
  sources = ["source.qemu.base"]

  provisioner "file" {
    source      = "dist/production/mig-agent-linux-x64"
    destination = "/tmp/mig-agent"
  }

  provisioner "file" {
    source      = "dist/production/manifest.json"
    destination = "/tmp/manifest.json"
  }

  provisioner "shell" {
    execute_command = "sudo sh -eu {{ .Path }}"
    inline = [
      "chmod 0700 /tmp/mig-agent",
      "/tmp/mig-agent verify /tmp/manifest.json",
      "/tmp/mig-agent install",
      "rm -rf /tmp/mig-agent /tmp/manifest.json /var/lib/mig-agent",
      "truncate -s 0 /etc/machine-id",
    ]
  }
}
